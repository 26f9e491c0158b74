-- The list of what is paused: few, and without this all matters of a body were read to find them.
CREATE INDEX matter_paused ON matter (region, id) WHERE paused = 1 AND final = 0;

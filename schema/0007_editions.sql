-- Editions of the rulebook that were adopted: a matter stays under the one it began under (matter/edition.h). The
-- rules themselves lie as files in the data folder, rulebooks/EDITION; this says which there must be, and from when.
CREATE TABLE edition (
    region       BIGINT NOT NULL,
    edition      TEXT   NOT NULL, -- The first 16 hex digits of the SHA-256 over its files.
    runs_as      TEXT   NOT NULL, -- Whose copy is run: its own. Release 0.1 kept no copies: what began under one of its
                                  -- editions goes on under the first that was registered, as it did then.
    code         TEXT   NOT NULL, -- zengdu-2021
    takes_effect BIGINT NOT NULL, -- Day number: matters that start from this day on begin under it.
    adopted_ms   BIGINT NOT NULL, -- Of two that take effect on one day the later adopted counts.
    adopted_by   TEXT   NOT NULL, -- 'init', or who ran `liandong rules adopt`.
    PRIMARY KEY (region, edition)
);

-- Children of a matter, oldest first. Without the id in it SQLite preferred to read all matters of the region in the
-- order of their ids: for each effect on children, the more matters the longer.
DROP INDEX matter_parent;
CREATE INDEX matter_children ON matter (region, parent, id) WHERE parent IS NOT NULL;

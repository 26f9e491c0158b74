-- Parts that several bodies take, clocks that are extended or run out by themselves, standing matters.

-- The bodies of a part that is `many` (rules/): all of them, replaced when the naming fact changes.
CREATE TABLE matter_member (
    region BIGINT NOT NULL,
    matter BIGINT NOT NULL,
    party  TEXT   NOT NULL,
    org    TEXT   NOT NULL,
    PRIMARY KEY (region, matter, party, org)
);

-- The one extension of a clock: by how much, the day it would have ended on, and when it was given.
ALTER TABLE deadline ADD COLUMN extension TEXT;
ALTER TABLE deadline ADD COLUMN first_due_date BIGINT;
-- The program acts when this clock runs out.
ALTER TABLE deadline ADD COLUMN expires BIGINT NOT NULL DEFAULT 0;
CREATE INDEX deadline_expires ON deadline (due_ms) WHERE expires = 1 AND ended_ms IS NULL;

-- The one open matter of a standing procedure.
ALTER TABLE matter ADD COLUMN standing BIGINT NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX matter_standing ON matter (region, procedure) WHERE standing = 1 AND final = 0;

-- How often a credit code was the object of something: only values of 18 bytes are in it.
CREATE INDEX fact_credit_code ON fact (region, value) WHERE length(value) = 18;

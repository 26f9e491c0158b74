-- Figures: what each event counts for, and the sums (src/matter/tally.h).

-- What an event counts for, written in the event's own transaction; never changed but by a recount. No row is
-- shared by two events, so that writers never wait for one another. `counts`: "measure,body,split,amount,days;"
-- for each number it raises. The day is the one on which the event was recorded.
-- only: sqlite
CREATE TABLE tally_entry (
    region BIGINT NOT NULL,
    day    BIGINT NOT NULL,
    event  BIGINT NOT NULL,
    counts TEXT   NOT NULL,
    PRIMARY KEY (region, day, event)
) WITHOUT ROWID;
-- end
-- only: postgresql
CREATE TABLE tally_entry (
    region BIGINT NOT NULL,
    day    BIGINT NOT NULL,
    event  BIGINT NOT NULL,
    counts TEXT   NOT NULL,
    PRIMARY KEY (region, day, event)
);
-- end

-- Sums of the entries of numbered events up to tally_state.last, by month and by day; whoever reads adds the
-- entries of later events.
CREATE TABLE tally (
    region  BIGINT NOT NULL,
    unit    BIGINT NOT NULL CHECK (unit IN (1, 2)), -- 1: month, 2: day.
    period  BIGINT NOT NULL, -- Day number, or 12 * year + month - 1.
    measure TEXT   NOT NULL,
    body    TEXT   NOT NULL, -- '' for the whole region.
    split   TEXT   NOT NULL, -- Term of a vocabulary; '' if not split or not said.
    amount  BIGINT NOT NULL,
    days    BIGINT NOT NULL, -- Natural days from start to end, added up.
    PRIMARY KEY (region, unit, period, measure, body, split)
);
-- On which days did this happen: a figure is opened to its events.
CREATE INDEX tally_measure ON tally (region, measure, period, body, split) WHERE unit = 2;

-- Up to which event number the sums go. No row: the record was never counted.
CREATE TABLE tally_state (
    region BIGINT NOT NULL PRIMARY KEY,
    last   BIGINT NOT NULL
);

-- The result of an appraisal as it was when its period was closed: the bytes whose digest the event tells.
CREATE TABLE appraisal_result (
    region  BIGINT NOT NULL,
    matter  BIGINT NOT NULL,
    period  TEXT   NOT NULL, -- 2026Q3
    text    TEXT   NOT NULL,
    sha256  TEXT   NOT NULL,
    sm3     TEXT   NOT NULL,
    made_ms BIGINT NOT NULL,
    PRIMARY KEY (region, matter)
);
-- A page that shows a period asks whether its result is fixed.
CREATE INDEX appraisal_period ON appraisal_result (region, period, made_ms);

-- What a body owes: counted by colour from the index alone (workbench, figures).
DROP INDEX deadline_owed;
CREATE INDEX deadline_owed ON deadline (region, obligor, due_ms, paused_ms, strength, matter) WHERE ended_ms IS NULL;

-- Who holds a matter or owes a clock of it sees it (src/matter/party.c); so it was for all but a few.
INSERT INTO matter_viewer (region, org, matter)
    SELECT DISTINCT d.region, d.obligor, d.matter FROM deadline d
    WHERE d.ended_ms IS NULL AND d.obligor <> '' AND d.obligor <> 'public'
    ON CONFLICT (region, org, matter) DO NOTHING;
INSERT INTO matter_viewer (region, org, matter)
    SELECT m.region, m.holder, m.id FROM matter m
    WHERE m.final = 0 AND m.holder IS NOT NULL AND m.holder <> '' AND m.holder <> 'public'
    ON CONFLICT (region, org, matter) DO NOTHING;

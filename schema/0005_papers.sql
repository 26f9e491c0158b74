-- Official papers (公文) that actions issue, their drafts, and their numbers (matter/paper*.c).

-- What stands before the kind of paper in a body's numbers: 曾公监 in 曾公监移〔2026〕12号. Empty: its short name.
ALTER TABLE org ADD COLUMN paper_word TEXT NOT NULL DEFAULT '';

-- A draft, or an issued paper. What is issued never changes but for the columns of its PDF, which come
-- after the commit.
CREATE TABLE paper (
    region         BIGINT NOT NULL,
    id             BIGINT NOT NULL,
    matter         BIGINT NOT NULL,
    code           TEXT   NOT NULL, -- Of the template.
    action         TEXT   NOT NULL, -- That issues it.
    org            TEXT   NOT NULL, -- The issuing body.
    to_org         TEXT,            -- The body it addresses, if it is one: it may read it whatever its part.
    state          TEXT   NOT NULL CHECK (state IN ('draft', 'approved', 'issued', 'dropped')),
    nonce          BYTEA  NOT NULL, -- Title and facts of a draft, content of an issued paper: they may hold personal
    box            BYTEA  NOT NULL, -- data, so they are encrypted like facts in the vault.
    number         TEXT,            -- 曾公监移〔2026〕12号; NULL: a draft, or a notice without one.
    word           TEXT,            -- The parts of the number: 曾公监移, 2026, 12.
    year           BIGINT,
    seq            BIGINT,
    content_sha256 TEXT,
    content_sm3    TEXT,
    check_code     TEXT,            -- What the QR code asks the public page for: 128 random bits.
    pdf            TEXT   NOT NULL CHECK (pdf IN ('none', 'waiting', 'ready', 'failed')),
    pdf_sha256     TEXT,
    pdf_sm3        TEXT,
    pdf_bytes      BIGINT,
    pages          BIGINT,
    fonts          TEXT,            -- Which fonts it was set with: other fonts make other bytes.
    tries          BIGINT NOT NULL DEFAULT 0,
    error          TEXT,            -- Why setting failed last.
    next_try_ms    BIGINT,          -- When it is to be set; a process that sets it moves this on. NULL: not waiting.
    drafted_ms     BIGINT,
    drafted_by     BIGINT,
    approved_ms    BIGINT,
    approved_by    BIGINT,
    issued_ms      BIGINT,
    issued_by      BIGINT,          -- NULL: the program.
    PRIMARY KEY (region, id)
);
CREATE INDEX paper_matter ON paper (region, matter, id);
-- The public page looks a paper up by what its QR code says.
CREATE UNIQUE INDEX paper_check ON paper (check_code) WHERE check_code IS NOT NULL;
-- No number is given twice, whatever happens.
CREATE UNIQUE INDEX paper_number ON paper (region, org, word, year, seq) WHERE seq IS NOT NULL;
-- What waits to be set: nearly empty.
CREATE INDEX paper_queue ON paper (next_try_ms) WHERE next_try_ms IS NOT NULL;
-- Is a stored file still needed?
CREATE INDEX paper_pdf ON paper (pdf_sha256) WHERE pdf_sha256 IS NOT NULL;
-- Drafts of a body that wait for somebody (workbench).
CREATE INDEX paper_drafts ON paper (region, org, id) WHERE state IN ('draft', 'approved');

-- The last number of a body's kind of paper in a year. Given in the transaction that issues the paper, so that a
-- refused action leaves no gap.
CREATE TABLE paper_counter (
    region BIGINT NOT NULL,
    org    TEXT   NOT NULL,
    word   TEXT   NOT NULL,
    year   BIGINT NOT NULL,
    last   BIGINT NOT NULL,
    PRIMARY KEY (region, org, word, year)
);

-- A file kept for a draft, whoever will issue it; NULL: free.
ALTER TABLE upload ADD COLUMN paper BIGINT;
CREATE INDEX upload_paper ON upload (region, paper) WHERE paper IS NOT NULL;

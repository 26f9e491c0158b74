-- Matters: every record runs one procedure of the rulebook (matter/).

CREATE TABLE matter (
    region      BIGINT NOT NULL,
    id          BIGINT NOT NULL,
    reference   TEXT   NOT NULL, -- Prefix, day and four characters: TS20210917-7K3F.
    procedure   TEXT   NOT NULL,
    edition     TEXT   NOT NULL, -- Of the rulebook it began under.
    state       TEXT   NOT NULL,
    final       BIGINT NOT NULL CHECK (final IN (0, 1)),
    holder      TEXT,            -- The body that must act; 'public' for the public; NULL when final.
    title       TEXT   NOT NULL,
    version     BIGINT NOT NULL, -- One more with each event; what If-Match compares.
    restricted  BIGINT NOT NULL CHECK (restricted IN (0, 1)),
    parent      BIGINT,
    opened_by   TEXT,            -- The parent's action that opened it.
    created_ms  BIGINT NOT NULL,
    updated_ms  BIGINT NOT NULL,
    happened_ms BIGINT NOT NULL, -- When the last action really happened.
    closed_ms   BIGINT,
    due_ms      BIGINT,          -- The earliest open running clock: lists sort and filter by it.
    paused      BIGINT NOT NULL CHECK (paused IN (0, 1)), -- Some open clock is paused.
    code_mac    BYTEA,           -- HMAC of the receipt code; the code itself is never stored.
    self_filed  BIGINT NOT NULL CHECK (self_filed IN (0, 1)), -- The public filed it itself, not at a counter.
    words       TEXT   NOT NULL, -- What search_put was last given.
    PRIMARY KEY (region, id)
);
-- People type references; a collision of the random part is met here and made anew.
CREATE UNIQUE INDEX matter_reference ON matter (region, reference);
-- The public follows its matter by receipt code.
CREATE UNIQUE INDEX matter_code ON matter (region, code_mac) WHERE code_mac IS NOT NULL;
-- Children of a matter.
CREATE INDEX matter_parent ON matter (region, parent) WHERE parent IS NOT NULL;
-- Lists by last change and by due day, and what a body holds (workbench).
CREATE INDEX matter_updated ON matter (region, updated_ms, id);
CREATE INDEX matter_due ON matter (region, due_ms, id) WHERE due_ms IS NOT NULL AND final = 0;
CREATE INDEX matter_holder ON matter (region, holder, id) WHERE final = 0;
-- What was closed this month (workbench).
CREATE INDEX matter_closed ON matter (region, closed_ms) WHERE closed_ms IS NOT NULL;

-- Which body has which part. The public's part has org 'public'.
CREATE TABLE matter_party (
    region BIGINT NOT NULL,
    matter BIGINT NOT NULL,
    party  TEXT   NOT NULL,
    org    TEXT   NOT NULL,
    PRIMARY KEY (region, matter, party)
);

-- Which bodies see a matter: one row for each, whatever parts they have. The only table the
-- visibility predicate reads; its key serves lists (newest first) without sorting.
CREATE TABLE matter_viewer (
    region BIGINT NOT NULL,
    org    TEXT   NOT NULL,
    matter BIGINT NOT NULL,
    PRIMARY KEY (region, org, matter)
);
-- Who must be told when a matter changes. With the body inside, the index answers alone; without it SQLite
-- preferred to read all viewers of the region, at every action.
CREATE INDEX matter_viewer_matter ON matter_viewer (region, matter, org);

-- Open facts, by code of the procedure.
CREATE TABLE fact (
    region BIGINT NOT NULL,
    matter BIGINT NOT NULL,
    code   TEXT   NOT NULL,
    value  TEXT   NOT NULL,
    action TEXT   NOT NULL, -- Which action last set it, and when.
    set_ms BIGINT NOT NULL,
    PRIMARY KEY (region, matter, code)
);

-- Facts that not every party may read: encrypted (XChaCha20-Poly1305) with a key outside the database.
CREATE TABLE vault (
    region BIGINT NOT NULL,
    matter BIGINT NOT NULL,
    code   TEXT   NOT NULL,
    nonce  BYTEA  NOT NULL,
    box    BYTEA  NOT NULL,
    action TEXT   NOT NULL,
    set_ms BIGINT NOT NULL,
    PRIMARY KEY (region, matter, code)
);

-- Who may read the sealed facts of a matter, and until when; the unsealing action is the reason.
CREATE TABLE unseal (
    region   BIGINT NOT NULL,
    matter   BIGINT NOT NULL,
    account  BIGINT NOT NULL,
    until_ms BIGINT NOT NULL,
    PRIMARY KEY (region, matter, account)
);

-- A file that arrived and waits to be used by an action; its bytes lie in the files folder by digest.
CREATE TABLE upload (
    region     BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    account    BIGINT,          -- Who brought it; NULL: the portal.
    name       TEXT   NOT NULL,
    media_type TEXT   NOT NULL,
    bytes      BIGINT NOT NULL,
    sha256     TEXT   NOT NULL,
    sm3        TEXT   NOT NULL,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (region, id)
);
-- The clean-up of uploads nobody used.
CREATE INDEX upload_created ON upload (created_ms);

-- A file that belongs to a matter.
CREATE TABLE material (
    region     BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    matter     BIGINT NOT NULL,
    name       TEXT   NOT NULL,
    media_type TEXT   NOT NULL,
    bytes      BIGINT NOT NULL,
    sha256     TEXT   NOT NULL,
    sm3        TEXT   NOT NULL,
    org        TEXT,            -- Who added it; NULL: the public.
    added_ms   BIGINT NOT NULL,
    listed     BIGINT NOT NULL CHECK (listed IN (0, 1)), -- On the list the receipt ticks.
    tick       TEXT,            -- arrived, missing; NULL: not ticked.
    PRIMARY KEY (region, id)
);
CREATE INDEX material_matter ON material (region, matter, id);
-- Is a stored file still needed?
CREATE INDEX material_sha256 ON material (sha256);

-- A clock. Opened and ended by the engine only; a light is derived on reading, never stored.
CREATE TABLE deadline (
    region      BIGINT NOT NULL,
    id          BIGINT NOT NULL,
    matter      BIGINT NOT NULL,
    code        TEXT   NOT NULL,
    obligor     TEXT   NOT NULL, -- The body that owes it; 'public' for the public.
    within      TEXT   NOT NULL, -- 5wd
    strength    TEXT   NOT NULL,
    from_ms     BIGINT NOT NULL,
    due_ms      BIGINT NOT NULL, -- The first moment that is too late.
    due_date    BIGINT NOT NULL, -- Day number of the last day.
    provisional BIGINT NOT NULL CHECK (provisional IN (0, 1)),
    calendar    TEXT   NOT NULL, -- Edition of the calendar it was counted with.
    paused_ms   BIGINT,          -- Since when it is paused; NULL: running.
    ended_ms    BIGINT,
    ended       TEXT CHECK (ended IN ('met', 'late', 'lifted')),
    PRIMARY KEY (region, id)
);
CREATE INDEX deadline_matter ON deadline (region, matter, id);
-- The workbench: what a body owes, most urgent first.
CREATE INDEX deadline_owed ON deadline (region, obligor, due_ms) WHERE ended_ms IS NULL;

-- Time that a clock does not count.
CREATE TABLE deadline_pause (
    region   BIGINT NOT NULL,
    deadline BIGINT NOT NULL,
    from_ms  BIGINT NOT NULL,
    until_ms BIGINT NOT NULL, -- 0: still paused.
    PRIMARY KEY (region, deadline, from_ms)
);

-- What happened: one row for each action, never changed but for the number, which the sequencer gives
-- after the commit (store/). The body is canonical JSON: facts, materials, clocks, children.
CREATE TABLE event (
    region      BIGINT NOT NULL,
    id          BIGINT NOT NULL,
    number      BIGINT,
    matter      BIGINT NOT NULL,
    version     BIGINT NOT NULL, -- The matter's version after it.
    action      TEXT   NOT NULL,
    org         TEXT,            -- Who acted; NULL: the public or the system.
    account     BIGINT,
    recorded_ms BIGINT NOT NULL, -- When it was entered.
    happened_ms BIGINT NOT NULL, -- When it happened, as the person says.
    from_state  TEXT,
    to_state    TEXT   NOT NULL,
    body        TEXT   NOT NULL,
    PRIMARY KEY (region, id)
);
-- The feed reads by number.
CREATE UNIQUE INDEX event_number ON event (number) WHERE number IS NOT NULL;
-- The sequencer's work list: nearly empty.
CREATE INDEX event_unnumbered ON event (id) WHERE number IS NULL;
-- The history of one matter.
CREATE UNIQUE INDEX event_matter ON event (region, matter, version);

-- The transfer receipt: what both sides signed, as bytes that are digested.
CREATE TABLE receipt (
    region  BIGINT NOT NULL,
    matter  BIGINT NOT NULL,
    text    TEXT   NOT NULL,
    sha256  TEXT   NOT NULL,
    sm3     TEXT   NOT NULL,
    made_ms BIGINT NOT NULL,
    PRIMARY KEY (region, matter)
);

-- Answers kept for Idempotency-Key: the same key and request give the same matter and version again.
CREATE TABLE replay (
    region         BIGINT NOT NULL,
    scope          TEXT   NOT NULL, -- The account, or 'portal'.
    key            TEXT   NOT NULL,
    request_sha256 BYTEA  NOT NULL,
    matter         BIGINT NOT NULL,
    version        BIGINT NOT NULL,
    created_ms     BIGINT NOT NULL,
    PRIMARY KEY (region, scope, key)
);
CREATE INDEX replay_created ON replay (created_ms);

-- Readings of restricted matters and of sealed facts.
CREATE TABLE reading (
    region  BIGINT NOT NULL,
    id      BIGINT NOT NULL,
    matter  BIGINT NOT NULL,
    account BIGINT,
    what    TEXT   NOT NULL, -- matter, sealed, material
    read_ms BIGINT NOT NULL,
    PRIMARY KEY (region, id)
);
CREATE INDEX reading_matter ON reading (region, matter, id);

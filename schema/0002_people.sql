-- Who takes part: bodies, accounts, roles, sessions (regulation articles 2, 3; procedures in people/).

-- A body. Keyed by its code, which never changes and is what rulebooks, links and events say.
CREATE TABLE org (
    region   BIGINT NOT NULL,
    code     TEXT   NOT NULL,
    kind     TEXT   NOT NULL, -- rules/tbl/org_kind.h
    sector   TEXT,            -- Term of the competence table; NULL: none.
    name_zh  TEXT   NOT NULL,
    name_en  TEXT   NOT NULL,
    short_zh TEXT   NOT NULL,
    short_en TEXT   NOT NULL,
    PRIMARY KEY (region, code)
);

-- A person who may sign in, for one body at a time.
CREATE TABLE account (
    region        BIGINT NOT NULL,
    id            BIGINT NOT NULL,
    login         TEXT   NOT NULL,
    name          TEXT   NOT NULL,
    org           TEXT   NOT NULL,
    password_hash TEXT   NOT NULL, -- Argon2id, the string form with its parameters.
    active        BIGINT NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    created_ms    BIGINT NOT NULL,
    PRIMARY KEY (region, id),
    FOREIGN KEY (region, org) REFERENCES org (region, code)
);
-- Sign-in looks an account up by login.
CREATE UNIQUE INDEX account_login ON account (region, login);
-- Is a body a user of this system at all?
CREATE INDEX account_org ON account (region, org);

CREATE TABLE account_role (
    region  BIGINT NOT NULL,
    account BIGINT NOT NULL,
    role    TEXT   NOT NULL, -- rules/tbl/role.h
    PRIMARY KEY (region, account, role),
    FOREIGN KEY (region, account) REFERENCES account (region, id)
);

-- A signed-in browser. The cookie's token is stored only as its SHA-256.
CREATE TABLE session (
    token_sha256 BYTEA  NOT NULL PRIMARY KEY,
    region       BIGINT NOT NULL,
    account      BIGINT NOT NULL,
    csrf         TEXT   NOT NULL,
    expires_ms   BIGINT NOT NULL,
    FOREIGN KEY (region, account) REFERENCES account (region, id)
);
-- The clean-up of expired sessions.
CREATE INDEX session_expires ON session (expires_ms);

-- Reminders, messages, e-mail, the calendar feed, and the calendar itself.

-- When the job that reminds looks at the clock next; 0: as soon as it can (new, or its due moment has moved).
ALTER TABLE deadline ADD COLUMN remind_ms BIGINT NOT NULL DEFAULT 0;
-- That job's work list: it never reads a clock for which nothing is to be done.
CREATE INDEX deadline_remind ON deadline (region, remind_ms) WHERE ended_ms IS NULL;

-- Which rung of the ladder (job/remind.c) was sent for which clock. `day` is the due day, so that a clock that was
-- moved is reminded of anew; for the daily rung it is the day it was sent. The key makes each rung happen once,
-- however many processes run.
CREATE TABLE reminder (
    region   BIGINT NOT NULL,
    deadline BIGINT NOT NULL,
    rung     TEXT   NOT NULL,
    day      BIGINT NOT NULL, -- Day number.
    sent_ms  BIGINT NOT NULL,
    PRIMARY KEY (region, deadline, rung, day)
);
-- The clean-up.
CREATE INDEX reminder_sent ON reminder (sent_ms);

-- What an account is told. Its text is made on reading: nothing of the case is copied here.
CREATE TABLE message (
    region     BIGINT NOT NULL,
    id         BIGINT NOT NULL,
    account    BIGINT NOT NULL,
    kind       TEXT   NOT NULL, -- matter/tbl/message.h
    matter     BIGINT,
    deadline   BIGINT,
    about      BIGINT,          -- mail_failed: the account whose address takes no mail.
    due_ms     BIGINT,          -- The clock's due moment when it was written.
    was_due_ms BIGINT,          -- moved: the due moment before.
    created_ms BIGINT NOT NULL,
    read_ms    BIGINT,
    mail       BIGINT,          -- 0: is to be mailed; else the mail it went into; NULL: never.
    PRIMARY KEY (region, id)
);
-- Somebody's messages, newest first, and how many are unread.
CREATE INDEX message_account ON message (region, account, id);
CREATE INDEX message_unread ON message (region, account) WHERE read_ms IS NULL;
-- What waits to be put into a mail: nearly empty. And what a mail says.
CREATE INDEX message_unmailed ON message (region, account) WHERE mail = 0;
CREATE INDEX message_mail ON message (region, mail) WHERE mail > 0;
-- The clean-up.
CREATE INDEX message_created ON message (created_ms);

-- Mail on its way: one for each account and round, which lists that account's new messages.
CREATE TABLE mail (
    region      BIGINT NOT NULL,
    id          BIGINT NOT NULL,
    account     BIGINT NOT NULL,
    state       TEXT   NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'bounced', 'failed')),
    tries       BIGINT NOT NULL,
    next_try_ms BIGINT NOT NULL, -- While 'sending': when it counts as abandoned.
    last_error  TEXT,            -- The answer's number and curl's word for it; never an address.
    created_ms  BIGINT NOT NULL,
    PRIMARY KEY (region, id)
);
-- The outbox's work list.
CREATE INDEX mail_waiting ON mail (region, next_try_ms) WHERE state IN ('waiting', 'sending');
-- The clean-up.
CREATE INDEX mail_created ON mail (created_ms);

-- Where an account wants to be told besides the application.
ALTER TABLE account ADD COLUMN email TEXT;
ALTER TABLE account ADD COLUMN mail BIGINT NOT NULL DEFAULT 0 CHECK (mail IN (0, 1));
-- The address refused mail for good; saving it again clears this.
ALTER TABLE account ADD COLUMN bounced_ms BIGINT;
-- The calendar feed's secret address, as SHA-256.
ALTER TABLE account ADD COLUMN feed_sha256 BYTEA;
CREATE UNIQUE INDEX account_feed ON account (feed_sha256) WHERE feed_sha256 IS NOT NULL;

-- Calendars that were in force, whole: every process reads the newest, and an ended clock can still be explained
-- by the one it was counted with.
CREATE TABLE calendar_edition (
    region    BIGINT NOT NULL,
    number    BIGINT NOT NULL, -- The highest is in force.
    edition   TEXT   NOT NULL, -- The first 16 hex digits of its SHA-256.
    loaded_ms BIGINT NOT NULL,
    text      TEXT   NOT NULL, -- The file.
    PRIMARY KEY (region, number)
);

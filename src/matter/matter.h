#pragma once
/*
 * The engine. A matter (事项) runs one procedure of the rulebook; matter_act is the only way
 * anything about it changes: web page, portal, command line, imports and jobs all call it.
 * Everything here works inside a transaction that the caller's store_read or store_write gave.
 *
 * Values returned live in the ctx's arena. `struct office` is immutable and shared by all threads.
 */
#include "base/ctx.h"
#include "base/digest.h"
#include "calendar/calendar.h"
#include "people/people.h"
#include "rules/rules.h"
#include "store/sql.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the column deadline.within says of a clock that runs until the day of a fact. */
#define WITHIN_UNTIL "until"

enum { KEY_BYTES = 32, RECEIPT_CODE_TEXT = 17 };

struct editions;  /* matter/edition.h */
struct calendars; /* matter/recount.h */

/* What the engine works with, whoever asks. */
struct office {
    struct editions *editions;               /* Of the rulebook; grows while the program runs. */
    const struct calendar *_Atomic calendar; /* The newest taken up (matter/recount.h). */
    struct calendars *calendars;             /* Those loaded while the program runs. */
    const struct directory *directory;
    int64_t region;
    const char *files_dir;        /* Materials lie here, named by digest. */
    const char *uploads_dir;      /* Files that are arriving. */
    uint8_t vault_key[KEY_BYTES]; /* Encrypts facts that not everybody may read. */
    uint8_t code_key[KEY_BYTES];  /* Keys the digests of receipt codes. */
    /* Where people reach the pages, without a slash at the end: links in mail and papers. */
    const char *_Atomic public_url;
    struct bell *paper_bell; /* Marked when a paper waits to be set; NULL: nobody listens. */
    unsigned yellow_days;    /* Working days before the due day at which a light turns yellow. */
};

/* Reads the keys from DATA/keys, making them if they are not there and `make` is set. */
enum fault office_keys_load(struct ctx *ctx, const char *data_dir, bool make,
                            struct office *office) MUST_CHECK;

/* The rulebook under which begins what begins now. */
const struct rulebook *office_book(const struct office *office, int64_t now_ms);
/* The one a matter began under; NULL if it is not (yet) taken up. */
const struct rulebook *office_edition(const struct office *office, const char *edition);
/* The one a procedure stands in. */
const struct rulebook *office_book_of(const struct office *office,
                                      const struct rules_procedure *procedure);
/* The fault for a matter whose edition is not taken up: BUSY. */
enum fault office_edition_unknown(struct ctx *ctx, const char *edition) MUST_CHECK;
/* May matters begin? RULEBOOK_INVALID while an edition in force could not be read. */
enum fault office_ready(const struct office *office, struct ctx *ctx) MUST_CHECK;

/* A running or ended clock. */
struct clock {
    int64_t id;
    const struct rules_deadline *rule;
    const char *obligor; /* Code of the body. */
    struct span within;  /* Count 0: until the day of a fact. */
    int64_t from_ms, due_ms;
    int32_t due_date;
    struct span extension;  /* Count 0: none. */
    int32_t first_due_date; /* With an extension: the day it would have ended on. */
    bool provisional;
    const char *calendar; /* Edition it was counted with. */
    int64_t paused_ms;    /* 0: running. */
    int64_t ended_ms;     /* 0: open. */
    const char *ended;    /* met, late, lifted. */
};

enum light {
    LIGHT_GREEN,
    LIGHT_YELLOW,
    LIGHT_RED,
    LIGHT_GREY,
    LIGHT_MET,
    LIGHT_LATE,
    LIGHT_LIFTED
};
const char *light_code(enum light light);
/* Derived, never stored. Red from due_ms on; yellow when at most yellow_days working days are left.
 */
enum light clock_light(const struct office *office, const struct clock *clock, int64_t now_ms);
/* Working days (hours for hour clocks) to the due day; negative when overdue, and then at least -1.
 */
int64_t clock_remaining(const struct office *office, const struct clock *clock, int64_t now_ms);
/* A clock due before this moment (and not yet red) is yellow. */
int64_t clock_yellow_until_ms(const struct office *office, struct ctx *ctx, int64_t now_ms);

/* One fact of a matter; `set` is false for those without a value. */
struct fact_value {
    bool set;
    bool hidden;        /* Set, but this actor may not read it; value is NULL. */
    const char *value;  /* Canonical text. */
    const char *action; /* Which action set it last, and when. */
    int64_t set_ms;
    const void *nonce; /* Encrypted facts: what the vault holds. */
    const void *box;
    size_t box_bytes;
};

struct members {
    const struct org **orgs;
    size_t count;
};

struct matter {
    int64_t id;
    const char *reference;
    const struct rules_procedure *procedure;
    const struct rules_state *state;
    const char *edition;
    const char *holder; /* Code of the body; NULL when final. */
    const char *title;
    int64_t version;
    bool restricted;
    bool self_filed; /* The public started it itself, with a code of its own. */
    int64_t parent;  /* 0: none. */
    int64_t created_ms, updated_ms, happened_ms, closed_ms;
    int64_t due_ms; /* 0: no running clock. */
    bool paused;    /* Some open clock is paused. */
    const char *words;
    const struct org **parties; /* By party index; NULL: not filled. */
    struct members *members;    /* By party index: the bodies of a part that is many. */
    struct fact_value *facts;   /* By fact index. */
    struct clock *clocks;       /* In the order they were opened. */
    size_t clocks_count;
};

bool members_has(const struct members *members, const struct org *org);

struct material {
    int64_t id;
    const char *name;
    const char *media_type;
    int64_t bytes;
    const char *sha256, *sm3; /* Hex. */
    const char *org;          /* NULL: the public. */
    int64_t added_ms;
    bool listed;
    const char *tick; /* NULL: not ticked. */
};

/* ---- Acting ---- */

/* In what form a value came: a caller that reads JSON says it, and a wrong one is refused. */
enum act_form { FORM_ANY, FORM_TEXT, FORM_FLAG, FORM_NUMBER, FORM_LIST, FORM_OBJECT };

struct act_fact {
    const char *code;
    const char *value; /* As it came; checked by the engine. NULL clears an optional fact. */
    enum act_form form;
};

struct act_input {
    int64_t matter;        /* 0: start one of `procedure`. */
    const char *procedure; /* When starting. */
    const char *action;
    int64_t draft;    /* Issues this draft of the action: facts and files come from it; 0: none. */
    int64_t revision; /* Of the draft, as the actor read it; 0: not asked. */
    bool preview;     /* Everything is tried, nothing stays; the paper's content is the result. */
    int64_t version;  /* The version the actor read; -1: not asked (portal, system). */
    const struct act_fact *facts;
    size_t facts_count;
    const int64_t *uploads;
    size_t uploads_count;
    const char *key;               /* Idempotency-Key; NULL: none. */
    uint8_t request[DIGEST_BYTES]; /* Of the request's bytes; compared when the key comes again. */
};

struct act_call {
    const struct office *office;
    struct act_input input;
    /* Results. */
    int64_t ret_matter;
    int64_t ret_version;
    bool ret_replayed;
    const char *ret_preview; /* Then the fault means nothing: it only rolled back. NULL: none. */
    bool ret_coded; /* ret_code is set: a matter of the public was started, by it or for it. */
    char ret_code[RECEIPT_CODE_TEXT];
};

/*
 * Performs one action: checks who, state, version, conditions, facts, materials; applies them;
 * opens, meets, lifts, pauses clocks; runs effects; appends the event. Work of a write transaction;
 * ctx->actor says who. Faults: NOT_FOUND, FORBIDDEN, VERSION_STALE, RULE_REFUSED, INVALID_FIELD,
 * KEY_REUSED ...
 */
enum fault matter_act(struct ctx *ctx, struct store_tx *tx, void *arg) MUST_CHECK;

/*
 * What the program does by itself, as ACTOR_SYSTEM. Work of a write transaction.
 * A clock that ran out and has `on_expiry`: its action is performed as of the due moment, if the
 * clock still runs and the state allows it; otherwise nothing happens.
 */
struct expiry {
    const struct office *office;
    int64_t deadline;
    bool ret_done;
};
enum fault matter_expire(struct ctx *ctx, struct store_tx *tx, void *arg) MUST_CHECK;
/* Clocks that have run out and wait for that, oldest first, a page at a time: one that can't be
 * done now doesn't hold up the rest. `after_*`: where the page before ended, 0 at first. Work of a
 * read transaction; arg: struct expired. */
enum { EXPIRED_PAGE = 200 };
struct expired {
    int64_t after_due_ms, after_id;
    int64_t ret_ids[EXPIRED_PAGE];
    size_t ret_count;
    int64_t ret_last_due_ms;
};
enum fault matter_expired(struct ctx *ctx, struct store_tx *tx, void *arg) MUST_CHECK;
/* Opens the matter of each standing procedure that has no open one. arg: struct standing. */
struct standing {
    const struct office *office;
    size_t ret_opened;
    int64_t ret_matter; /* The last one opened. */
};
enum fault matter_stand(struct ctx *ctx, struct store_tx *tx, void *arg) MUST_CHECK;

/* ---- Reading: each checks that ctx->actor may see the matter ---- */

/* The matter with parties, clocks, and facts as this actor may read them. NOT_FOUND. */
enum fault matter_read(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                       int64_t id, struct matter **ret_matter) MUST_CHECK;
/* Actions the actor may perform now, as a mask of action indexes. */
enum fault matter_offers(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                         const struct matter *matter, uint64_t *ret_actions) MUST_CHECK;
/* Does the actor read the materials, or even their names, in the state the matter is in? */
bool matter_reads_materials(const struct actor *actor, const struct matter *matter);
enum fault matter_materials(struct ctx *ctx, struct store_tx *tx, const struct matter *matter,
                            struct material **ret_materials, size_t *ret_count) MUST_CHECK;
/* Reads the sealed facts too, if the actor has unsealed them (FORBIDDEN if not). */
enum fault matter_unsealed(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                           struct matter *matter, int64_t *ret_until_ms) MUST_CHECK;
/* Until when the actor may read sealed facts; 0: not. */
enum fault matter_unsealed_until(struct ctx *ctx, struct store_tx *tx, const struct matter *matter,
                                 int64_t *ret_until_ms) MUST_CHECK;
/* The pauses of a clock, oldest first. */
enum fault clock_pauses(struct ctx *ctx, struct store_tx *tx, const struct clock *clock,
                        struct pause **ret_pauses, size_t *ret_count) MUST_CHECK;

struct receipt {
    const char *text; /* Canonical JSON: what was signed. */
    const char *sha256, *sm3;
    int64_t made_ms;
};
/* NOT_FOUND if there is none yet. The caller has read the matter. */
enum fault matter_receipt(struct ctx *ctx, struct store_tx *tx, const struct matter *matter,
                          struct receipt *ret_receipt) MUST_CHECK;

/* Records that a restricted matter or sealed facts were read. Work of a write transaction. */
struct reading {
    int64_t matter;
    const char *what;
};
enum fault matter_record_reading(struct ctx *ctx, struct store_tx *tx, void *arg) MUST_CHECK;

/* ---- The receipt code ---- */

/* The matter a code belongs to; NOT_FOUND. 16 digits, blanks allowed between them. */
enum fault matter_by_code(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                          const char *code, int64_t *ret_matter) MUST_CHECK;

/* ---- Uploads ---- */

struct new_upload {
    int64_t region;
    const char *name;
    const char *media_type;
    int64_t bytes;
    struct digest digest;
    int64_t ret_id;
};
/* Where a file with this digest lies: files_dir/ab/cdef... In the arena. */
const char *matter_file_path(struct arena *arena, const struct office *office, const char *sha256);
/* Moves a complete, synced file to its place (before the row that refers to it is written). */
enum fault matter_file_keep(struct ctx *ctx, const struct office *office, const char *path,
                            const struct digest *digest) MUST_CHECK;
/* Writes the upload's row. Work of a write transaction; arg: struct new_upload. */
enum fault matter_upload_add(struct ctx *ctx, struct store_tx *tx, void *arg) MUST_CHECK;

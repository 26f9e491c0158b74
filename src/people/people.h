#pragma once
/*
 * Who takes part and who may see what: bodies, accounts, roles, sessions, and the one visibility
 * predicate that every read of a matter goes through.
 *
 * The directory is an immutable picture of the region's bodies, shared by all threads.
 */
#include "base/ctx.h"
#include "rules/rules.h"
#include "store/query.h"
#include "store/sql.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The code of the pseudo body that stands for the public as a party. */
#define ORG_CODE_PUBLIC "public"

struct org {
    const char *code;
    enum org_kind kind;
    const char *sector; /* NULL: none. */
    struct label name;
    struct label short_name;
    const char *paper_word; /* Head of its papers' numbers, 曾公监; NULL or "": the short name. */
    bool user;              /* Somebody of it may sign in; if not, others record its acts. */
};

struct directory {
    struct arena *arena;
    int64_t region;
    struct org *orgs;
    size_t orgs_count;
};

enum actor_kind {
    ACTOR_ACCOUNT, /* Signed in. */
    ACTOR_CODE,    /* Holds the receipt code of one matter, or is about to start one. */
    ACTOR_SYSTEM,  /* A job, an import or the command line. */
};

struct actor {
    enum actor_kind kind;
    int64_t region;
    int64_t account; /* 0 unless ACTOR_ACCOUNT. */
    const char *login;
    const char *name;      /* The person's; "" for others. */
    const struct org *org; /* NULL unless ACTOR_ACCOUNT. */
    uint32_t roles;        /* Mask of enum role. */
    int64_t matter;        /* ACTOR_CODE: the only matter it sees; 0 before it exists. */
    const char *csrf;      /* Of the session. */
};

/* Reads all bodies; the public is added. Owns its memory: people_directory_destroy. */
enum fault people_directory_load(struct ctx *ctx, struct store_tx *tx, int64_t region,
                                 struct directory **ret_directory) MUST_CHECK;
void people_directory_destroy(struct directory *directory);
const struct org *directory_org(const struct directory *directory, const char *code);
/* The region's only body of a kind; NULL if there is none or several. */
const struct org *directory_only(const struct directory *directory, enum org_kind kind);

/* What init and the administrator write. DUPLICATE if it exists. */
struct new_account {
    const char *login;
    const char *name;
    const char *org;
    const char *password_hash; /* people_password_hash: outside any transaction, it is slow. */
    uint32_t roles;
};
enum fault people_org_add(struct ctx *ctx, struct store_tx *tx, int64_t region,
                          const struct org *org) MUST_CHECK;
enum fault people_account_add(struct ctx *ctx, struct store_tx *tx, int64_t region,
                              const struct new_account *account, int64_t *ret_id) MUST_CHECK;

/* Changing an account ends its sessions. Work of write transactions; NOT_FOUND. */
struct account_change {
    int64_t region;
    const char *login;
    const char *password_hash; /* NULL: stays. */
    uint32_t roles;            /* 0: stay. */
    int active;                /* 0 or 1; -1: stays. */
    const char *keep_token; /* This session goes on (who changes his own password); NULL: none. */
};
enum fault people_account_change(struct ctx *ctx, struct store_tx *tx, void *arg) MUST_CHECK;
struct account_row {
    const char *login, *name, *org;
    bool active;
    uint32_t roles;
};
/* All accounts by login. */
enum fault people_accounts(struct ctx *ctx, struct store_tx *tx, int64_t region,
                           struct account_row **ret_rows, size_t *ret_count) MUST_CHECK;
enum { PASSWORD_MIN = 10, PASSWORD_MAX = 200 };
/* Is it long enough, and not the login? INVALID_FIELD names `path`. */
enum fault people_password_good(struct ctx *ctx, const char *path, const char *login,
                                const char *password) MUST_CHECK;

/*
 * Argon2id. 64 MiB and tens of milliseconds each, so at most two at a time: a third waits up to two
 * seconds and then gets BUSY. Never call inside a transaction. `weak` is for demonstration data and
 * tests only: the least memory the algorithm takes.
 */
enum fault people_password_hash(struct ctx *ctx, const char *password, bool weak,
                                const char **ret_hash) MUST_CHECK;
/* True if the password belongs to the hash. Takes the same time for the hash of nobody (NULL). */
enum fault people_password_check(struct ctx *ctx, const char *hash, const char *password,
                                 bool *ret_right) MUST_CHECK;

/* What sign-in needs to know of a login: account and hash, 0 and NULL if there is none. */
struct credentials {
    int64_t region;
    const char *login;
    int64_t ret_account;
    const char *ret_hash;
};
enum fault people_credentials(struct ctx *ctx, struct store_tx *tx, void *arg) MUST_CHECK;

enum { SESSION_TOKEN_TEXT = 65, SESSION_HOURS = 12 };

/* Makes a session; `ret_token` is the cookie's value. Work of a write transaction. */
struct session_make {
    int64_t region;
    int64_t account;
    char ret_token[SESSION_TOKEN_TEXT];
    const char *ret_csrf;
};
enum fault people_session_make(struct ctx *ctx, struct store_tx *tx, void *arg) MUST_CHECK;
/* Ends the session of a token; nothing happens if there is none. arg: const char * */
enum fault people_session_end(struct ctx *ctx, struct store_tx *tx, void *arg) MUST_CHECK;
/* Who the token belongs to, in the ctx's arena. UNAUTHENTICATED if unknown or expired. */
enum fault people_session_actor(struct ctx *ctx, struct store_tx *tx,
                                const struct directory *directory, const char *token,
                                struct actor **ret_actor) MUST_CHECK;

/* How the signed-in account (ctx->actor) is reached outside the application. */
struct contact {
    const char *email;  /* NULL: none. */
    bool mail;          /* Messages go there too. */
    int64_t bounced_ms; /* The address refused mail for good; 0: not. */
    bool feed;          /* There is a calendar feed. */
};
/* Work of a read transaction; arg: struct contact. */
enum fault people_contact_read(struct ctx *ctx, struct store_tx *tx, void *arg) MUST_CHECK;
/* Sets address and wish, and forgets that it bounced; mail comes in the ctx's language. Work of a
 * write transaction. */
enum fault people_contact_change(struct ctx *ctx, struct store_tx *tx, void *arg) MUST_CHECK;
/* A plain address of ASCII characters: no quoting, no blanks, nothing that could end a header. */
bool people_email_good(const char *email);

/* The calendar feed's secret: 256 bits, kept as SHA-256 only. A new one ends the old one.
 * Work of write transactions; arg of make: char[FEED_SECRET_TEXT]. */
enum { FEED_SECRET_TEXT = 65 };
enum fault people_feed_make(struct ctx *ctx, struct store_tx *tx, void *arg) MUST_CHECK;
enum fault people_feed_end(struct ctx *ctx, struct store_tx *tx, void *arg) MUST_CHECK;
/* Whose feed it is. NOT_FOUND. */
enum fault people_feed_actor(struct ctx *ctx, struct store_tx *tx,
                             const struct directory *directory, const char *secret,
                             struct actor **ret_actor) MUST_CHECK;

/* May the actor read matters at all (has a role that works on cases, or audits)? */
bool people_reads_matters(const struct actor *actor);
/* Does the actor see every matter of the region, whatever its body's parts? */
bool people_sees_all(const struct actor *actor);
/* Does the actor see the figures of every body, not only its own and the totals? So do those who
 * coordinate and appraise (articles 5, 23), and auditors. */
bool people_sees_figures(const struct actor *actor);
/*
 * The visibility predicate. Adds the FROM clause under which exactly the matters the actor may see
 * are joined as `m`, each once:
 *     SELECT ... <people_visible_from> WHERE m.final = 0 ...
 * It ends with "WHERE <condition>", so callers go on with AND.
 */
void people_visible_from(const struct actor *actor, struct query *query);
/* The matter's id in that FROM clause: the column by which the predicate itself is sorted, so that
 * a list of the newest reads no more than its page. */
const char *people_visible_id(const struct actor *actor);
/* The same predicate for EXISTS: "FROM ... WHERE ... AND m.id = <column>". `column` is constant
 * text. */
void people_visible_one(const struct actor *actor, struct query *query, const char *column);
/*
 * For counting alone: the open clocks `d` that the actor's body owes, and the open matters `m` that
 * it holds. Who owes a clock or holds a matter sees it (matter/party.c), so no matter is looked at:
 * an index has the answer. Each ends with a condition, so callers go on with AND.
 */
void people_owed_from(const struct actor *actor, struct query *query);
void people_held_from(const struct actor *actor, struct query *query);
/* FAULT_NONE if the actor may see the matter, else NOT_FOUND. The same predicate. */
enum fault people_check_visible(struct ctx *ctx, struct store_tx *tx, int64_t matter) MUST_CHECK;

/* Limits how often a key (an address, a login) may try: at most `limit` in `window_ms`. In memory,
 * one per process, thread-safe. */
struct rate_limiter;
struct rate_limiter *rate_limiter_create(unsigned limit, int64_t window_ms);
void rate_limiter_destroy(struct rate_limiter *limiter);
/* RATE_LIMITED if there were too many; counts nothing. Asked before what is only counted when it
 * fails: a right guess after too many wrong ones must not get through. */
enum fault rate_limiter_check(struct rate_limiter *limiter, struct ctx *ctx,
                              const char *key) MUST_CHECK;
/* RATE_LIMITED if there were too many; otherwise counts this one. */
enum fault rate_limiter_try(struct rate_limiter *limiter, struct ctx *ctx,
                            const char *key) MUST_CHECK;
/* Forgets a key: after a right password. */
void rate_limiter_clear(struct rate_limiter *limiter, const char *key);

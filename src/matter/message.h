#pragma once
/*
 * Messages: what accounts are told by the program. Rows hold ids and a kind; the text is made on
 * reading (message_text), in both languages. message_tell works inside a write transaction,
 * so a message is there exactly if what it tells of is.
 */
#include "matter/matter.h"

enum message_kind {
#define MESSAGE(CODE, code, zh, en) MESSAGE_##CODE,
#include "matter/tbl/message.h"
#undef MESSAGE
    MESSAGES_COUNT
};
const char *message_code(enum message_kind kind);
bool message_parse(const char *code, enum message_kind *ret_kind);

/* To whom, about what; ids are 0 where there is none. */
struct message {
    enum message_kind kind;
    const struct org *org; /* To its accounts */
    uint32_t roles;        /* that have one of these roles. */
    int64_t matter;        /* Only if these accounts see it. */
    int64_t deadline, due_ms, was_due_ms;
    int64_t about; /* An account. */
};
enum fault message_tell(struct ctx *ctx, struct store_tx *tx, const struct message *message,
                        size_t *ret_count) MUST_CHECK;

/* What a message's text is made of. */
struct message_words {
    enum message_kind kind;
    const struct rules_deadline *rule; /* NULL: of no clock. */
    bool minute;                       /* It is due at a minute, not at a day's end. */
    int64_t due_ms, was_due_ms, created_ms;
    struct label name; /* The obligor's, or the person's; zh NULL: none. */
};
struct label message_text(struct arena *arena, const struct office *office,
                          const struct message_words *words);
/* Does it end at a minute, not at a day's end? */
bool clock_ends_at_minute(const struct clock *clock);
/* "2026-03-05", or "2026-03-05 14:30" for a minute. */
const char *message_due(struct arena *arena, int64_t due_ms, bool minute);

/* The bodies whose accounts have messages newer than `after`; ret_last is the newest id. After 0
 * none are named: where somebody begins to listen. Work of a read transaction. */
struct message_news {
    int64_t region, after;
    const char **ret_orgs;
    size_t ret_count;
    int64_t ret_last;
};
enum fault message_news(struct ctx *ctx, struct store_tx *tx, void *arg) MUST_CHECK;
/* Deletes messages read 180 days ago, or 400 days old; a thousand at most. */
enum fault message_sweep(struct ctx *ctx, struct store_tx *tx) MUST_CHECK;

#pragma once
/* Private to job: one mail, from text to answer. */
#include "base/buffer.h"
#include "job/mail.h"

#include <stdatomic.h>

struct letter_line {
    const char *text;
    const char *link; /* To the matter; NULL: of none. */
};

/* A mail that was claimed. */
struct letter {
    int64_t id, account;
    int64_t tries; /* With this one. */
    const char *email;
    const char *org; /* Of the account. */
    enum lang lang;
    struct letter_line lines[50];
    size_t count, more; /* `more`: how many messages beyond those. */
};

/* mail_text.c: the whole message as SMTP takes it, without dot-stuffing (curl does it). */
void mail_compose(const struct office *office, const struct mail_options *options,
                  const struct letter *letter, int64_t now_ms, struct buffer *text);
/* Puts a header's text: RFC 2047 where it is not plain ASCII. Exposed for its test. */
void mail_header(struct buffer *text, const char *name, const char *value);

enum verdict {
    VERDICT_SENT,
    VERDICT_LATER,   /* The server is away, busy or set up wrongly: try again. */
    VERDICT_BOUNCED, /* It refuses this address for good. */
    VERDICT_REFUSED, /* It refuses this mail for good. */
};
struct answer {
    enum verdict verdict;
    long code;        /* The last answer's number; 0: none came. */
    const char *word; /* curl's; static. */
};
/* mail_smtp.c: sends; *stop breaks it off. Blocks for a minute at most. */
struct answer mail_send(const struct mail_options *options, const char *to,
                        const struct buffer *text, const atomic_bool *stop);

/* mail.c: one round; *stop (may be NULL) ends it early. */
enum fault mail_round(struct ctx *ctx, struct store *store, const struct office *office,
                      const struct mail_options *options, const atomic_bool *stop,
                      struct mail_round *ret_round) MUST_CHECK;

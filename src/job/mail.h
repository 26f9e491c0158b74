#pragma once
/*
 * E-mail: messages (matter/message.h) on their way to people who asked for mail. The table `mail`
 * is the outbox; each is claimed in one transaction, sent outside any, and settled in another, so
 * several processes share the work. A process that dies in between sends it again after ten
 * minutes, with the same Message-ID.
 */
#include "matter/matter.h"
#include "store/store.h"

struct mail_options {
    const char *url;      /* smtp://host:port or smtps://host:port */
    const char *from;     /* Sender's address. */
    const char *user;     /* NULL: the sender's address, if there is a password. */
    const char *password; /* NULL: the server asks for none. */
    const char *ca_file;  /* Whom to trust besides nobody; NULL: the system's authorities. */
    bool plain;           /* smtp:// without STARTTLS is allowed. */
};
/* Are address and sender well-formed? INVALID_FIELD with a note. */
enum fault mail_options_check(struct ctx *ctx, const struct mail_options *options) MUST_CHECK;

struct mailer;
/* A thread of its own: a mail server that hangs delays nothing else. */
struct mailer *mailer_start(struct store *store, const struct office *office,
                            const struct mail_options *options);
/* Breaks a transfer off. NULL is allowed. */
void mailer_stop(struct mailer *mailer);

struct mail_round {
    unsigned sent, delayed, refused; /* What became of those that were tried. */
};
/* One round as of ctx->now_ms: what the thread does every few seconds. At most 100 mails. */
enum fault job_mail(struct ctx *ctx, struct store *store, const struct office *office,
                    const struct mail_options *options, struct mail_round *ret_round) MUST_CHECK;

/* How an account is reached outside the application: its e-mail address and its calendar feed. */
#include "base/digest.h"
#include "base/random.h"
#include "base/text.h"
#include "people/people.h"

#include <string.h>

enum { EMAIL_BYTES = 254, LOCAL_BYTES = 64 };

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Before the @: the plain form of RFC 5321, without quoting. */
static bool local_good(const char *text, size_t count)
{
    bool dot = true; /* No dot at the start, none after another. */
    for (size_t i = 0; i < count; i++) {
        bool word = is_letter_or_digit(text[i]) || strchr("!#$%&'*+/=?^_`{|}~-", text[i]) != NULL;
        if (!word && (text[i] != '.' || dot)) {
            return false;
        }
        dot = text[i] == '.';
    }
    return count > 0 && count <= LOCAL_BYTES && !dot;
}

/* After it: names of letters, digits and inner hyphens. */
static bool domain_good(const char *text)
{
    size_t length = 0;
    for (const char *p = text; *p != 0; p++) {
        bool inner = length > 0 && p[1] != 0 && p[1] != '.';
        if (*p == '.' ? length == 0 || p[1] == 0
                      : !is_letter_or_digit(*p) && !(*p == '-' && inner)) {
            return false;
        }
        length = *p == '.' ? 0 : length + 1;
        if (length > 63) {
            return false;
        }
    }
    return length > 0;
}

bool people_email_good(const char *email)
{
    const char *at = strrchr(email, '@');
    return at != NULL && strlen(email) <= EMAIL_BYTES && local_good(email, (size_t)(at - email)) &&
           domain_good(at + 1);
}

enum fault people_contact_read(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct contact *contact = arg;
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_one(tx, ctx,
                "SELECT email, mail, bounced_ms, feed_sha256 FROM account"
                " WHERE region = $1 AND id = $2",
                SQL_ARGS(sql_int(ctx->actor->region), sql_int(ctx->actor->account)), &rows);
    if (fault != FAULT_NONE) {
        return fault;
    }
    const char *email = sql_column_text(rows, 0);
    contact->email = email == NULL ? NULL : arena_text(ctx->arena, email);
    contact->mail = sql_column_int(rows, 1) != 0;
    contact->bounced_ms = sql_column_int(rows, 2);
    contact->feed = !sql_column_null(rows, 3);
    return FAULT_NONE;
}

enum fault people_contact_change(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    const struct contact *contact = arg;
    return sql_run(tx, ctx,
                   "UPDATE account SET email = $3, mail = $4, mail_lang = $5, bounced_ms = NULL"
                   " WHERE region = $1 AND id = $2",
                   SQL_ARGS(sql_int(ctx->actor->region), sql_int(ctx->actor->account),
                            sql_text(contact->email), sql_int(contact->mail ? 1 : 0),
                            sql_text(ctx->lang == LANG_EN ? "en" : "zh")),
                   NULL);
}

static enum fault save_feed(struct ctx *ctx, struct store_tx *tx, struct sql_value digest)
{
    return sql_run(tx, ctx, "UPDATE account SET feed_sha256 = $3 WHERE region = $1 AND id = $2",
                   SQL_ARGS(sql_int(ctx->actor->region), sql_int(ctx->actor->account), digest),
                   NULL);
}

enum fault people_feed_make(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    char *secret = arg;
    uint8_t bytes[32];
    uint8_t digest[DIGEST_BYTES];
    random_bytes(bytes, sizeof bytes);
    text_hex(bytes, sizeof bytes, secret);
    digest_sha256(secret, strlen(secret), digest);
    return save_feed(ctx, tx, sql_blob(digest, sizeof digest));
}

enum fault people_feed_end(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    (void)arg;
    return save_feed(ctx, tx, sql_null());
}

static enum fault read_roles(struct ctx *ctx, struct store_tx *tx, struct actor *actor)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_query(tx, ctx, "SELECT role FROM account_role WHERE region = $1 AND account = $2",
                  SQL_ARGS(sql_int(actor->region), sql_int(actor->account)), &rows);
    while (fault == FAULT_NONE && sql_next(rows)) {
        enum role role;
        if (role_parse(sql_column_text(rows, 0), &role)) {
            actor->roles |= 1u << role;
        }
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

enum fault people_feed_actor(struct ctx *ctx, struct store_tx *tx,
                             const struct directory *directory, const char *secret,
                             struct actor **ret_actor)
{
    uint8_t digest[DIGEST_BYTES];
    digest_sha256(secret, strlen(secret), digest);
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_one(tx, ctx,
                               "SELECT region, id, login, name, org FROM account"
                               " WHERE feed_sha256 = $1 AND active = 1",
                               SQL_ARGS(sql_blob(digest, sizeof digest)), &rows);
    if (fault != FAULT_NONE) {
        return fault;
    }
    struct actor *actor = arena_alloc(ctx->arena, sizeof *actor);
    actor->kind = ACTOR_ACCOUNT;
    actor->region = sql_column_int(rows, 0);
    actor->account = sql_column_int(rows, 1);
    actor->login = arena_text(ctx->arena, sql_column_text(rows, 2));
    actor->name = arena_text(ctx->arena, sql_column_text(rows, 3));
    actor->org = directory_org(directory, sql_column_text(rows, 4));
    actor->csrf = "";
    if (actor->org == NULL || actor->region != directory->region) {
        return FAULT_NOT_FOUND;
    }
    fault = read_roles(ctx, tx, actor);
    *ret_actor = actor;
    return fault;
}

#include "base/digest.h"
#include "base/random.h"
#include "base/text.h"
#include "people/people.h"

#include <string.h>

enum fault people_session_make(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct session_make *make = arg;
    uint8_t secret[32];
    random_bytes(secret, sizeof secret);
    text_hex(secret, sizeof secret, make->ret_token);
    uint8_t csrf[16];
    random_bytes(csrf, sizeof csrf);
    char *csrf_hex = arena_alloc(ctx->arena, 2 * sizeof csrf + 1);
    text_hex(csrf, sizeof csrf, csrf_hex);
    make->ret_csrf = csrf_hex;
    uint8_t digest[DIGEST_BYTES];
    digest_sha256(make->ret_token, strlen(make->ret_token), digest);
    enum fault fault = sql_run(tx, ctx, "DELETE FROM session WHERE expires_ms < $1",
                               SQL_ARGS(sql_int(ctx->now_ms)), NULL);
    if (fault != FAULT_NONE) {
        return fault;
    }
    int64_t expires_ms = ctx->now_ms + (int64_t)SESSION_HOURS * 3600 * 1000;
    return sql_run(tx, ctx,
                   "INSERT INTO session (token_sha256, region, account, csrf, expires_ms)"
                   " VALUES ($1, $2, $3, $4, $5)",
                   SQL_ARGS(sql_blob(digest, sizeof digest), sql_int(make->region),
                            sql_int(make->account), sql_text(csrf_hex), sql_int(expires_ms)),
                   NULL);
}

enum fault people_session_end(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    const char *token = arg;
    uint8_t digest[DIGEST_BYTES];
    digest_sha256(token, strlen(token), digest);
    return sql_run(tx, ctx, "DELETE FROM session WHERE token_sha256 = $1",
                   SQL_ARGS(sql_blob(digest, sizeof digest)), NULL);
}

/* The rows come with one line for each role. */
static enum fault read_roles(struct sql_rows *rows, struct actor *actor)
{
    do {
        enum role role;
        const char *code = sql_column_text(rows, 6);
        if (code != NULL && role_parse(code, &role)) {
            actor->roles |= 1u << role;
        }
    } while (sql_next(rows));
    return sql_fault(rows);
}

enum fault people_session_actor(struct ctx *ctx, struct store_tx *tx,
                                const struct directory *directory, const char *token,
                                struct actor **ret_actor)
{
    uint8_t digest[DIGEST_BYTES];
    digest_sha256(token, strlen(token), digest);
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_one(tx, ctx,
                "SELECT a.region, a.id, a.login, a.name, a.org, s.csrf, r.role FROM session s"
                " JOIN account a ON a.region = s.region AND a.id = s.account"
                " LEFT JOIN account_role r ON r.region = a.region AND r.account = a.id"
                " WHERE s.token_sha256 = $1 AND s.expires_ms > $2 AND a.active = 1",
                SQL_ARGS(sql_blob(digest, sizeof digest), sql_int(ctx->now_ms)), &rows);
    if (fault != FAULT_NONE) {
        return fault == FAULT_NOT_FOUND ? FAULT_UNAUTHENTICATED : fault;
    }
    struct actor *actor = arena_alloc(ctx->arena, sizeof *actor);
    actor->kind = ACTOR_ACCOUNT;
    actor->region = sql_column_int(rows, 0);
    actor->account = sql_column_int(rows, 1);
    actor->login = arena_text(ctx->arena, sql_column_text(rows, 2));
    actor->name = arena_text(ctx->arena, sql_column_text(rows, 3));
    actor->org = directory_org(directory, sql_column_text(rows, 4));
    actor->csrf = arena_text(ctx->arena, sql_column_text(rows, 5));
    if (actor->org == NULL || actor->region != directory->region) {
        return FAULT_UNAUTHENTICATED;
    }
    fault = read_roles(rows, actor);
    if (fault == FAULT_NONE) {
        *ret_actor = actor;
    }
    return fault;
}

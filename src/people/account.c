#include "base/digest.h"
#include "base/id.h"
#include "base/text.h"
#include "people/people.h"

#include <string.h>

static enum fault add_roles(struct ctx *ctx, struct store_tx *tx, int64_t region, int64_t account,
                            uint32_t roles)
{
    enum fault fault = FAULT_NONE;
    for (unsigned role = 0; role < ROLES_COUNT && fault == FAULT_NONE; role++) {
        if ((roles & 1u << role) == 0) {
            continue;
        }
        fault =
            sql_run(tx, ctx, "INSERT INTO account_role (region, account, role) VALUES ($1, $2, $3)",
                    SQL_ARGS(sql_int(region), sql_int(account), sql_text(role_code(role))), NULL);
    }
    return fault;
}

enum fault people_account_add(struct ctx *ctx, struct store_tx *tx, int64_t region,
                              const struct new_account *account, int64_t *ret_id)
{
    int64_t id = id_make(ctx->now_ms);
    enum fault fault = sql_run(
        tx, ctx,
        "INSERT INTO account (region, id, login, name, org, password_hash, created_ms)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        SQL_ARGS(sql_int(region), sql_int(id), sql_text(account->login), sql_text(account->name),
                 sql_text(account->org), sql_text(account->password_hash), sql_int(ctx->now_ms)),
        NULL);
    if (fault == FAULT_NONE) {
        fault = add_roles(ctx, tx, region, id, account->roles);
    }
    if (fault == FAULT_NONE) {
        *ret_id = id;
    }
    return fault;
}

enum fault people_credentials(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct credentials *credentials = arg;
    credentials->ret_account = 0;
    credentials->ret_hash = NULL;
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_one(tx, ctx,
                "SELECT id, password_hash FROM account"
                " WHERE region = $1 AND login = $2 AND active = 1",
                SQL_ARGS(sql_int(credentials->region), sql_text(credentials->login)), &rows);
    if (fault == FAULT_NONE) {
        credentials->ret_account = sql_column_int(rows, 0);
        credentials->ret_hash = arena_text(ctx->arena, sql_column_text(rows, 1));
    }
    return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
}

static enum fault find_account(struct ctx *ctx, struct store_tx *tx,
                               const struct account_change *change, int64_t *ret_id)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_one(tx, ctx, "SELECT id FROM account WHERE region = $1 AND login = $2",
                               SQL_ARGS(sql_int(change->region), sql_text(change->login)), &rows);
    if (fault == FAULT_NOT_FOUND) {
        return ctx_fail(ctx, fault, "There is no account '%s'.", "没有账号“%s”。", change->login);
    }
    *ret_id = fault == FAULT_NONE ? sql_column_int(rows, 0) : 0;
    return fault;
}

static enum fault change_roles(struct ctx *ctx, struct store_tx *tx,
                               const struct account_change *change, int64_t id)
{
    if (change->roles == 0) {
        return FAULT_NONE;
    }
    enum fault fault =
        sql_run(tx, ctx, "DELETE FROM account_role WHERE region = $1 AND account = $2",
                SQL_ARGS(sql_int(change->region), sql_int(id)), NULL);
    return fault == FAULT_NONE ? add_roles(ctx, tx, change->region, id, change->roles) : fault;
}

static enum fault end_sessions(struct ctx *ctx, struct store_tx *tx,
                               const struct account_change *change, int64_t id)
{
    uint8_t kept[DIGEST_BYTES] = {0};
    if (change->keep_token != NULL) {
        digest_sha256(change->keep_token, strlen(change->keep_token), kept);
    }
    return sql_run(
        tx, ctx, "DELETE FROM session WHERE region = $1 AND account = $2 AND token_sha256 <> $3",
        SQL_ARGS(sql_int(change->region), sql_int(id), sql_blob(kept, sizeof kept)), NULL);
}

enum fault people_account_change(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    const struct account_change *change = arg;
    int64_t id = 0;
    enum fault fault = find_account(ctx, tx, change, &id);
    if (fault == FAULT_NONE) {
        fault =
            sql_run(tx, ctx,
                    "UPDATE account SET password_hash = coalesce($3, password_hash),"
                    " active = coalesce($4, active) WHERE region = $1 AND id = $2",
                    SQL_ARGS(sql_int(change->region), sql_int(id), sql_text(change->password_hash),
                             change->active < 0 ? sql_null() : sql_int(change->active)),
                    NULL);
    }
    if (fault == FAULT_NONE) {
        fault = change_roles(ctx, tx, change, id);
    }
    return fault == FAULT_NONE ? end_sessions(ctx, tx, change, id) : fault;
}

static enum fault count_accounts(struct ctx *ctx, struct store_tx *tx, int64_t region,
                                 size_t *ret_count)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_one(tx, ctx, "SELECT count(*) FROM account WHERE region = $1",
                               SQL_ARGS(sql_int(region)), &rows);
    *ret_count = fault == FAULT_NONE ? (size_t)sql_column_int(rows, 0) : 0;
    return fault;
}

/* The rows come with one line for each role, ordered by login. */
static void take_row(struct ctx *ctx, const struct sql_rows *rows, struct account_row *list,
                     size_t *count)
{
    const char *login = sql_column_text(rows, 0);
    const char *role_text = sql_column_text(rows, 4);
    enum role role;
    if (*count == 0 || strcmp(list[*count - 1].login, login) != 0) {
        list[(*count)++] =
            (struct account_row){.login = arena_text(ctx->arena, login),
                                 .name = arena_text(ctx->arena, sql_column_text(rows, 1)),
                                 .org = arena_text(ctx->arena, sql_column_text(rows, 2)),
                                 .active = sql_column_int(rows, 3) != 0};
    }
    if (role_text != NULL && role_parse(role_text, &role)) {
        list[*count - 1].roles |= 1u << role;
    }
}

enum fault people_accounts(struct ctx *ctx, struct store_tx *tx, int64_t region,
                           struct account_row **ret_rows, size_t *ret_count)
{
    size_t count = 0;
    enum fault fault = count_accounts(ctx, tx, region, &count);
    if (fault != FAULT_NONE) {
        return fault;
    }
    struct account_row *list = arena_array(ctx->arena, count + 1, sizeof *list);
    SCOPED(sql_rows) rows = NULL;
    count = 0;
    fault = sql_query(tx, ctx,
                      "SELECT a.login, a.name, a.org, a.active, r.role FROM account a"
                      " LEFT JOIN account_role r ON r.region = a.region AND r.account = a.id"
                      " WHERE a.region = $1 ORDER BY a.login",
                      SQL_ARGS(sql_int(region)), &rows);
    while (fault == FAULT_NONE && sql_next(rows)) {
        take_row(ctx, rows, list, &count);
    }
    *ret_rows = list;
    *ret_count = count;
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

enum fault people_password_good(struct ctx *ctx, const char *path, const char *login,
                                const char *password)
{
    size_t length = text_length(password);
    if (length < PASSWORD_MIN || strlen(password) > PASSWORD_MAX) {
        return ctx_field(ctx, path, "A password has %d characters or more, and at most %d bytes.",
                         "口令不少于%d个字符，不超过%d字节。", PASSWORD_MIN, PASSWORD_MAX);
    }
    if (strcmp(login, password) == 0) {
        return ctx_field(ctx, path, "The password must not be the login.",
                         "口令不能与用户名相同。");
    }
    return FAULT_NONE;
}

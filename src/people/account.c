#include "base/id.h"
#include "people/people.h"

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

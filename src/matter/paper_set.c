/*
 * The queue of papers that wait for their PDF. It is the table itself: a row with next_try_ms
 * waits. Who takes one moves next_try_ms on by a minute and counts the try, in one statement that
 * only one process can win; if he dies, the row is free again a minute later, and his late answer
 * is refused because the count has moved.
 */
#include "base/id.h"
#include "base/text.h"
#include "matter/message.h"
#include "matter/paper_inner.h"

#include <string.h>

enum {
    CLAIM_MS = 60 * 1000,
    BUSY_MS = 5 * 1000,
    FIRST_RETRY_MS = 10 * 1000,
    LAST_RETRY_MS = 6 * 3600 * 1000
};

enum fault papers_waiting(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                          int64_t *ret_papers, size_t max, size_t *ret_count, int64_t *ret_next_ms)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_query(tx, ctx,
                                 "SELECT id, next_try_ms FROM paper WHERE next_try_ms IS NOT NULL"
                                 " AND region = $1 ORDER BY next_try_ms LIMIT $2",
                                 SQL_ARGS(sql_int(office->region), sql_int((int64_t)max)), &rows);
    *ret_count = 0;
    *ret_next_ms = 0;
    while (fault == FAULT_NONE && *ret_count < max && sql_next(rows)) {
        int64_t next_ms = sql_column_int(rows, 1);
        if (next_ms > ctx->now_ms) {
            *ret_next_ms = next_ms;
            break;
        }
        ret_papers[(*ret_count)++] = sql_column_int(rows, 0);
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static enum fault open_content(struct ctx *ctx, const struct paper_job *job,
                               const struct vault_box *box, const char **ret_content)
{
    const char *text = NULL;
    struct paper paper = {.state = PAPER_ISSUED};
    enum fault fault = paper_open(ctx, job->office, job->matter, job->paper, box, &text);
    if (fault == FAULT_NONE) {
        paper_text_read(ctx->arena, text, &paper);
        *ret_content = paper.content;
    }
    return fault;
}

enum fault paper_claim(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct paper_job *job = arg;
    job->ret_claimed = false;
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_one(tx, ctx,
                "UPDATE paper SET next_try_ms = $4, tries = tries + 1 WHERE region = $1 AND id = $2"
                " AND next_try_ms <= $3 RETURNING tries, matter, nonce, box, check_code",
                SQL_ARGS(sql_int(job->office->region), sql_int(job->paper), sql_int(ctx->now_ms),
                         sql_int(ctx->now_ms + CLAIM_MS)),
                &rows);
    if (fault != FAULT_NONE) {
        return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
    }
    struct vault_box box;
    job->tries = sql_column_int(rows, 0);
    job->matter = sql_column_int(rows, 1);
    box.nonce = sql_column_blob(rows, 2, &box.nonce_bytes);
    box.box = sql_column_blob(rows, 3, &box.box_bytes);
    job->check = arena_text(ctx->arena, sql_column_text(rows, 4));
    fault = open_content(ctx, job, &box, &job->content);
    job->ret_claimed = fault == FAULT_NONE;
    return fault;
}

static const char *event_body(struct ctx *ctx, const struct paper_outcome *outcome,
                              const char *number, const char *sha256, const char *sm3)
{
    struct buffer text;
    struct json_writer json;
    char id[ID_TEXT];
    id_format(outcome->job->paper, id);
    buffer_init(&text, ctx->arena);
    json_writer_init(&json, &text);
    json_open(&json);
    json_key(&json, "papers");
    json_list(&json);
    json_open(&json);
    json_put_text(&json, "id", id);
    json_put_text(&json, "number", number);
    json_put_text(&json, "pdf_sha256", sha256);
    json_put_text(&json, "pdf_sm3", sm3);
    json_put_int(&json, "pages", outcome->pages);
    json_put_text(&json, "fonts", outcome->fonts);
    json_close(&json);
    json_end(&json);
    json_close(&json);
    return text.data;
}

/* The matter goes on as it was, one version later: what its readers have is not stale by it
 * (papers_only_since). */
static enum fault append_event(struct ctx *ctx, struct store_tx *tx,
                               const struct paper_outcome *outcome, const char *body)
{
    const struct paper_job *job = outcome->job;
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_one(tx, ctx,
                               "UPDATE matter SET version = version + 1 WHERE region = $1 AND"
                               " id = $2 RETURNING version, state",
                               SQL_ARGS(sql_int(job->office->region), sql_int(job->matter)), &rows);
    if (fault != FAULT_NONE) {
        return fault;
    }
    int64_t version = sql_column_int(rows, 0);
    const char *state = arena_text(ctx->arena, sql_column_text(rows, 1));
    return sql_run(
        tx, ctx,
        "INSERT INTO event (region, id, number, matter, version, action, org, account,"
        " recorded_ms, happened_ms, from_state, to_state, body)"
        " VALUES ($1, $2, NULL, $3, $4, '" PAPER_SET_ACTION "', NULL, NULL, $5, $5, $6, $6, $7)",
        SQL_ARGS(sql_int(job->office->region), sql_int(id_make(ctx->now_ms)), sql_int(job->matter),
                 sql_int(version), sql_int(ctx->now_ms), sql_text(state), sql_text(body)),
        NULL);
}

enum fault paper_set(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct paper_outcome *outcome = arg;
    const struct paper_job *job = outcome->job;
    char sha256[DIGEST_HEX];
    char sm3[DIGEST_HEX];
    text_hex(outcome->digest.sha256, DIGEST_BYTES, sha256);
    text_hex(outcome->digest.sm3, DIGEST_BYTES, sm3);
    outcome->ret_kept = false;
    const char *number = NULL;
    {
        SCOPED(sql_rows) rows = NULL;
        enum fault fault =
            sql_one(tx, ctx,
                    "UPDATE paper SET pdf = 'ready', pdf_sha256 = $4, pdf_sm3 = $5, pdf_bytes = $6,"
                    " pages = $7, fonts = $8, error = NULL, next_try_ms = NULL WHERE region = $1"
                    " AND id = $2 AND tries = $3 AND next_try_ms IS NOT NULL RETURNING number",
                    SQL_ARGS(sql_int(job->office->region), sql_int(job->paper), sql_int(job->tries),
                             sql_text(sha256), sql_text(sm3), sql_int(outcome->bytes),
                             sql_int(outcome->pages), sql_text(outcome->fonts)),
                    &rows);
        if (fault != FAULT_NONE) {
            return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
        }
        const char *text = sql_column_text(rows, 0);
        number = text == NULL ? NULL : arena_text(ctx->arena, text);
    }
    outcome->ret_kept = true;
    return append_event(ctx, tx, outcome, event_body(ctx, outcome, number, sha256, sm3));
}

static int64_t retry_ms(int64_t tries)
{
    int64_t wait_ms = FIRST_RETRY_MS;
    for (int64_t i = 1; i < tries && wait_ms < LAST_RETRY_MS; i++) {
        wait_ms *= 2;
    }
    return wait_ms < LAST_RETRY_MS ? wait_ms : LAST_RETRY_MS;
}

/* Once for a paper: not again at each try. */
static enum fault tell(struct ctx *ctx, struct store_tx *tx, const struct paper_job *job)
{
    const char *code = NULL;
    {
        SCOPED(sql_rows) rows = NULL;
        enum fault fault =
            sql_one(tx, ctx, "SELECT org, pdf FROM paper WHERE region = $1 AND id = $2",
                    SQL_ARGS(sql_int(job->office->region), sql_int(job->paper)), &rows);
        if (fault != FAULT_NONE || strcmp(sql_column_text(rows, 1), "failed") == 0) {
            return fault;
        }
        code = arena_text(ctx->arena, sql_column_text(rows, 0));
    }
    struct message message = {.kind = MESSAGE_PAPER_FAILED,
                              .org = directory_org(job->office->directory, code),
                              .roles = 1u << ROLE_HANDLER | 1u << ROLE_APPROVER | 1u << ROLE_HEAD,
                              .matter = job->matter};
    size_t told = 0;
    return message.org == NULL ? FAULT_NONE : message_tell(ctx, tx, &message, &told);
}

/* No typesetter was free: nobody's failure, only later. */
static enum fault put_off(struct ctx *ctx, struct store_tx *tx, const struct paper_job *job)
{
    return sql_run(tx, ctx,
                   "UPDATE paper SET next_try_ms = $4, tries = tries - 1 WHERE region = $1"
                   " AND id = $2 AND tries = $3 AND next_try_ms IS NOT NULL",
                   SQL_ARGS(sql_int(job->office->region), sql_int(job->paper), sql_int(job->tries),
                            sql_int(ctx->now_ms + BUSY_MS)),
                   NULL);
}

enum fault paper_failed(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct paper_outcome *outcome = arg;
    const struct paper_job *job = outcome->job;
    int64_t changed = 0;
    outcome->ret_kept = outcome->fault == FAULT_BUSY;
    if (outcome->fault == FAULT_BUSY) {
        return put_off(ctx, tx, job);
    }
    enum fault fault = tell(ctx, tx, job);
    if (fault != FAULT_NONE) {
        return fault;
    }
    fault = sql_run(
        tx, ctx,
        "UPDATE paper SET pdf = 'failed', error = $4, next_try_ms = $5 WHERE region = $1"
        " AND id = $2 AND tries = $3 AND next_try_ms IS NOT NULL",
        SQL_ARGS(sql_int(job->office->region), sql_int(job->paper), sql_int(job->tries),
                 sql_text(outcome->error == NULL ? fault_name(outcome->fault) : outcome->error),
                 sql_int(ctx->now_ms + retry_ms(job->tries))),
        &changed);
    outcome->ret_kept = changed == 1;
    return fault;
}

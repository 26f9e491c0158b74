/* Papers as their reader may see them: drafts only by the issuing body, issued ones by whom the
 * template names. */
#include "base/id.h"
#include "matter/paper_inner.h"
#include "store/query.h"

#include <stdio.h>
#include <string.h>

enum { PLACE_TEXT = 32, DRAFT_FILES_MAX = 200 };

const struct label paper_set_label = {"公文已成文（PDF）", "Paper set as PDF"};

static const char *const states[] = {"draft", "approved", "issued", "dropped"};

const char *paper_state_code(enum paper_state state)
{
    return states[state];
}

static enum paper_state state_of(const char *code)
{
    enum paper_state state = PAPER_DRAFT;
    for (unsigned i = 0; i < sizeof states / sizeof states[0]; i++) {
        state = strcmp(states[i], code) == 0 ? (enum paper_state)i : state;
    }
    return state;
}

/* A colon is in no fact's code: boxes of facts and of papers can't be taken for one another. */
static const char *place_of(struct ctx *ctx, int64_t paper)
{
    char id[ID_TEXT];
    id_format(paper, id);
    return arena_printf(ctx->arena, "paper:%s", id);
}

struct vault_box paper_close(struct ctx *ctx, const struct office *office, int64_t matter,
                             int64_t paper, const char *text)
{
    return vault_close(ctx, office, matter, place_of(ctx, paper), text);
}

enum fault paper_open(struct ctx *ctx, const struct office *office, int64_t matter, int64_t paper,
                      const struct vault_box *box, const char **ret_text)
{
    return vault_text(ctx, office, matter, place_of(ctx, paper), box, ret_text);
}

#define PAPER_COLUMNS                                                                              \
    "p.id, p.action, p.org, p.state, p.nonce, p.box, p.number, p.content_sha256, p.content_sm3,"   \
    " p.check_code, p.pdf, p.pdf_sha256, p.pdf_sm3, p.pdf_bytes, p.pages, p.fonts, p.error,"       \
    " p.drafted_ms, p.drafted_by, d.name, p.approved_ms, p.approved_by, a.name, p.issued_ms,"      \
    " p.issued_by, i.name, p.to_org"
#define PAPER_FROM                                                                                 \
    " FROM paper p LEFT JOIN account d ON d.region = p.region AND d.id = p.drafted_by"             \
    " LEFT JOIN account a ON a.region = p.region AND a.id = p.approved_by"                         \
    " LEFT JOIN account i ON i.region = p.region AND i.id = p.issued_by"

static const char *kept(struct ctx *ctx, const struct sql_rows *rows, unsigned column)
{
    const char *text = sql_column_text(rows, column);
    return text == NULL ? NULL : arena_text(ctx->arena, text);
}

static struct paper_step read_step(struct ctx *ctx, const struct sql_rows *rows, unsigned column)
{
    return (struct paper_step){.time_ms = sql_column_int(rows, column),
                               .account = sql_column_int(rows, column + 1),
                               .name = kept(ctx, rows, column + 2)};
}

static void read_columns(struct ctx *ctx, const struct sql_rows *rows, struct paper *paper)
{
    paper->number = kept(ctx, rows, 6);
    paper->sha256 = kept(ctx, rows, 7);
    paper->sm3 = kept(ctx, rows, 8);
    paper->check = kept(ctx, rows, 9);
    paper->pdf = kept(ctx, rows, 10);
    paper->pdf_sha256 = kept(ctx, rows, 11);
    paper->pdf_sm3 = kept(ctx, rows, 12);
    paper->pdf_bytes = sql_column_int(rows, 13);
    paper->pages = sql_column_int(rows, 14);
    paper->fonts = kept(ctx, rows, 15);
    paper->error = kept(ctx, rows, 16);
    paper->drafted = read_step(ctx, rows, 17);
    paper->approved = read_step(ctx, rows, 20);
    paper->issued = read_step(ctx, rows, 23);
}

static enum fault read_paper(struct ctx *ctx, const struct office *office,
                             const struct matter *matter, const struct sql_rows *rows,
                             struct paper *paper)
{
    const struct rules_action *action = rules_action(matter->procedure, sql_column_text(rows, 1));
    if (action == NULL || action->paper == NULL) {
        return ctx_fail(ctx, FAULT_INTERNAL, "The rulebook no longer knows '%s'.",
                        "规则中已没有“%s”。", sql_column_text(rows, 1));
    }
    *paper = (struct paper){.id = sql_column_int(rows, 0),
                            .matter = matter->id,
                            .action = action,
                            .rule = action->paper,
                            .org = directory_org(office->directory, sql_column_text(rows, 2)),
                            .state = state_of(sql_column_text(rows, 3))};
    read_columns(ctx, rows, paper);
    paper->to_org = directory_org(office->directory, sql_column_text(rows, 26));
    struct vault_box box;
    box.nonce = sql_column_blob(rows, 4, &box.nonce_bytes);
    box.box = sql_column_blob(rows, 5, &box.box_bytes);
    const char *text = NULL;
    enum fault fault = paper_open(ctx, office, matter->id, paper->id, &box, &text);
    if (fault == FAULT_NONE) {
        paper_text_read(ctx->arena, text, paper);
    }
    return fault;
}

/* An auditor, who has no part, reads what every party of the matter may read. */
static bool may_read(const struct matter *matter, const struct paper *paper,
                     const struct actor *actor)
{
    if (actor->kind == ACTOR_SYSTEM) {
        return true;
    }
    uint32_t own = who_parties(matter, actor);
    if (paper->state != PAPER_ISSUED) {
        return actor->kind == ACTOR_ACCOUNT && paper->org != NULL && paper->org == actor->org;
    }
    bool addressed = actor->org != NULL && paper->to_org == actor->org;
    return addressed || (paper->rule->readers & own) != 0 ||
           (people_sees_all(actor) && !paper->rule->secret);
}

bool paper_to_public(const struct matter *matter, const struct paper *paper)
{
    for (size_t i = 0; i < matter->procedure->parties_count; i++) {
        const struct org *org = matter->parties[i];
        bool reads = (paper->rule->readers & 1u << i) != 0;
        if (reads && org != NULL && org->kind == ORG_PUBLIC) {
            return paper->state == PAPER_ISSUED;
        }
    }
    return false;
}

/* Most matters have none: room is made when there is one more. */
static struct paper *make_room(struct arena *arena, struct paper *papers, size_t count,
                               size_t *capacity)
{
    if (count < *capacity) {
        return papers;
    }
    *capacity = *capacity == 0 ? 8 : *capacity * 2;
    struct paper *larger = arena_array(arena, *capacity, sizeof *larger);
    if (count > 0) {
        memcpy(larger, papers, count * sizeof *larger);
    }
    return larger;
}

enum fault matter_papers(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                         const struct matter *matter, struct paper **ret_papers, size_t *ret_count)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_query(tx, ctx,
                                 "SELECT " PAPER_COLUMNS PAPER_FROM
                                 " WHERE p.region = $1 AND p.matter = $2 ORDER BY p.id",
                                 SQL_ARGS(sql_int(office->region), sql_int(matter->id)), &rows);
    struct paper *papers = NULL;
    size_t count = 0;
    size_t capacity = 0;
    while (fault == FAULT_NONE && sql_next(rows)) {
        papers = make_room(ctx->arena, papers, count, &capacity);
        fault = read_paper(ctx, office, matter, rows, &papers[count]);
        if (fault == FAULT_NONE && may_read(matter, &papers[count], ctx->actor)) {
            papers[count].can = paper_can(matter, &papers[count], ctx->actor);
            count++;
        }
    }
    *ret_papers = papers;
    *ret_count = count;
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

enum fault paper_load(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                      const struct matter *matter, int64_t id, struct paper **ret_paper)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_one(
        tx, ctx,
        "SELECT " PAPER_COLUMNS PAPER_FROM " WHERE p.region = $1 AND p.matter = $2 AND p.id = $3",
        SQL_ARGS(sql_int(office->region), sql_int(matter->id), sql_int(id)), &rows);
    if (fault != FAULT_NONE) {
        return fault;
    }
    *ret_paper = arena_alloc(ctx->arena, sizeof **ret_paper);
    return read_paper(ctx, office, matter, rows, *ret_paper);
}

enum fault matter_paper(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                        const struct matter *matter, int64_t id, struct paper **ret_paper)
{
    enum fault fault = paper_load(ctx, tx, office, matter, id, ret_paper);
    if (fault == FAULT_NONE && !may_read(matter, *ret_paper, ctx->actor)) {
        fault = FAULT_NOT_FOUND;
    }
    if (fault == FAULT_NONE) {
        (*ret_paper)->can = paper_can(matter, *ret_paper, ctx->actor);
    }
    return fault;
}

enum fault paper_uploads(struct ctx *ctx, struct store_tx *tx, const struct paper *paper,
                         struct material **ret_uploads, size_t *ret_count)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_query(tx, ctx,
                  "SELECT id, name, media_type, bytes, sha256, sm3, created_ms FROM upload"
                  " WHERE region = $1 AND paper = $2 ORDER BY id",
                  SQL_ARGS(sql_int(ctx->actor->region), sql_int(paper->id)), &rows);
    struct material *uploads = arena_array(ctx->arena, DRAFT_FILES_MAX, sizeof *uploads);
    size_t count = 0;
    while (fault == FAULT_NONE && count < DRAFT_FILES_MAX && sql_next(rows)) {
        uploads[count++] = (struct material){.id = sql_column_int(rows, 0),
                                             .name = kept(ctx, rows, 1),
                                             .media_type = kept(ctx, rows, 2),
                                             .bytes = sql_column_int(rows, 3),
                                             .sha256 = kept(ctx, rows, 4),
                                             .sm3 = kept(ctx, rows, 5),
                                             .added_ms = sql_column_int(rows, 6)};
    }
    *ret_uploads = uploads;
    *ret_count = count;
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

enum fault paper_check(struct ctx *ctx, struct store_tx *tx, struct paper_checked *checked)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_one(tx, ctx,
                "SELECT number, org, pdf_sha256, pdf_sm3, issued_ms FROM paper"
                " WHERE check_code = $1 AND region = $2 AND state = 'issued'",
                SQL_ARGS(sql_text(checked->check), sql_int(checked->office->region)), &rows);
    if (fault != FAULT_NONE) {
        return fault;
    }
    checked->number = kept(ctx, rows, 0);
    checked->org = directory_org(checked->office->directory, sql_column_text(rows, 1));
    checked->sha256 = kept(ctx, rows, 2);
    checked->sm3 = kept(ctx, rows, 3);
    checked->issued_ms = sql_column_int(rows, 4);
    return FAULT_NONE;
}

/* Its matter is loaded for each: there are few, and the rights are the matter's. */
enum fault papers_drafted(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                          size_t max, struct paper_waiting **ret_waiting, size_t *ret_count)
{
    struct query query;
    query_init(&query, ctx->arena);
    query_add(&query, "SELECT d.id, d.matter FROM paper d WHERE d.region = ");
    query_value(&query, sql_int(office->region));
    query_add(&query, " AND d.org = ");
    query_value(&query, sql_text(ctx->actor->org == NULL ? "" : ctx->actor->org->code));
    query_add(&query, " AND d.state IN ('draft', 'approved') AND EXISTS (SELECT 1");
    people_visible_one(ctx->actor, &query, "d.matter");
    query_add(&query, ") ORDER BY d.id LIMIT ");
    query_value(&query, sql_int((int64_t)max));
    int64_t *ids = arena_array(ctx->arena, max + 1, 2 * sizeof *ids);
    size_t found = 0;
    {
        SCOPED(sql_rows) rows = NULL;
        enum fault fault = query_run(&query, ctx, tx, &rows);
        while (fault == FAULT_NONE && found < max && sql_next(rows)) {
            ids[2 * found] = sql_column_int(rows, 0);
            ids[2 * found++ + 1] = sql_column_int(rows, 1);
        }
        fault = fault == FAULT_NONE ? sql_fault(rows) : fault;
        if (fault != FAULT_NONE) {
            return fault;
        }
    }
    struct paper_waiting *waiting = arena_array(ctx->arena, found + 1, sizeof *waiting);
    enum fault fault = FAULT_NONE;
    *ret_count = 0;
    for (size_t i = 0; i < found && fault == FAULT_NONE; i++) {
        struct matter *matter = NULL;
        struct paper *paper = NULL;
        fault = record_load(ctx, tx, office, ids[2 * i + 1], false, &matter);
        if (fault == FAULT_NONE) {
            fault = matter_paper(ctx, tx, office, matter, ids[2 * i], &paper);
        }
        if (fault == FAULT_NONE) {
            waiting[(*ret_count)++] = (struct paper_waiting){.matter = matter->id,
                                                             .reference = matter->reference,
                                                             .title = matter->title,
                                                             .procedure = matter->procedure,
                                                             .version = matter->version,
                                                             .paper = *paper};
        }
    }
    *ret_waiting = waiting;
    return fault;
}

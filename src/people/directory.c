#include "people/people.h"

#include <assert.h>
#include <string.h>

static enum fault read_org(struct ctx *ctx, struct directory *directory,
                           const struct sql_rows *rows, struct org *org)
{
    struct arena *arena = directory->arena;
    org->code = arena_text(arena, sql_column_text(rows, 0));
    if (!org_kind_parse(sql_column_text(rows, 1), &org->kind)) {
        return ctx_fail(ctx, FAULT_STORE_FAILED, "Body %s has an unknown kind.",
                        "单位%s的类型未知。", org->code);
    }
    const char *sector = sql_column_text(rows, 2);
    org->sector = sector == NULL ? NULL : arena_text(arena, sector);
    org->name.zh = arena_text(arena, sql_column_text(rows, 3));
    org->name.en = arena_text(arena, sql_column_text(rows, 4));
    org->short_name.zh = arena_text(arena, sql_column_text(rows, 5));
    org->short_name.en = arena_text(arena, sql_column_text(rows, 6));
    org->user = sql_column_int(rows, 7) != 0;
    org->paper_word = arena_text(arena, sql_column_text(rows, 8));
    org->paper_word = org->paper_word[0] == 0 ? org->short_name.zh : org->paper_word;
    return FAULT_NONE;
}

static void add_public(struct directory *directory)
{
    struct org *org = &directory->orgs[directory->orgs_count++];
    *org = (struct org){.code = ORG_CODE_PUBLIC, .kind = ORG_PUBLIC};
    org->name = *org_kind_label(ORG_PUBLIC);
    org->short_name = org->name;
    org->paper_word = org->name.zh;
}

static enum fault count_orgs(struct ctx *ctx, struct store_tx *tx, int64_t region,
                             size_t *ret_count)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_one(tx, ctx, "SELECT count(*) FROM org WHERE region = $1",
                               SQL_ARGS(sql_int(region)), &rows);
    if (fault == FAULT_NONE) {
        *ret_count = (size_t)sql_column_int(rows, 0);
    }
    return fault;
}

static enum fault read_orgs(struct ctx *ctx, struct store_tx *tx, struct directory *directory)
{
    size_t count = 0;
    enum fault fault = count_orgs(ctx, tx, directory->region, &count);
    if (fault != FAULT_NONE) {
        return fault;
    }
    directory->orgs = arena_array(directory->arena, count + 1, sizeof *directory->orgs);
    SCOPED(sql_rows) rows = NULL;
    fault =
        sql_query(tx, ctx,
                  "SELECT o.code, o.kind, o.sector, o.name_zh, o.name_en, o.short_zh, o.short_en,"
                  " CASE WHEN EXISTS (SELECT 1 FROM account a WHERE a.region = o.region"
                  " AND a.org = o.code AND a.active = 1) THEN 1 ELSE 0 END, o.paper_word"
                  " FROM org o WHERE o.region = $1 ORDER BY o.code",
                  SQL_ARGS(sql_int(directory->region)), &rows);
    while (fault == FAULT_NONE && directory->orgs_count < count && sql_next(rows)) {
        fault = read_org(ctx, directory, rows, &directory->orgs[directory->orgs_count++]);
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

enum fault people_directory_load(struct ctx *ctx, struct store_tx *tx, int64_t region,
                                 struct directory **ret_directory)
{
    struct arena *arena = arena_create();
    struct directory *directory = arena_alloc(arena, sizeof *directory);
    directory->arena = arena;
    directory->region = region;
    enum fault fault = read_orgs(ctx, tx, directory);
    if (fault != FAULT_NONE) {
        arena_destroy(arena);
        return fault;
    }
    add_public(directory);
    *ret_directory = directory;
    return FAULT_NONE;
}

void people_directory_destroy(struct directory *directory)
{
    if (directory != NULL) {
        arena_destroy(directory->arena);
    }
}

const struct org *directory_org(const struct directory *directory, const char *code)
{
    for (size_t i = 0; code != NULL && i < directory->orgs_count; i++) {
        if (strcmp(directory->orgs[i].code, code) == 0) {
            return &directory->orgs[i];
        }
    }
    return NULL;
}

const struct org *directory_only(const struct directory *directory, enum org_kind kind)
{
    const struct org *only = NULL;
    for (size_t i = 0; i < directory->orgs_count; i++) {
        if (directory->orgs[i].kind != kind) {
            continue;
        }
        if (only != NULL) {
            return NULL;
        }
        only = &directory->orgs[i];
    }
    return only;
}

enum fault people_org_add(struct ctx *ctx, struct store_tx *tx, int64_t region,
                          const struct org *org)
{
    assert(org->kind != ORG_PUBLIC);
    return sql_run(
        tx, ctx,
        "INSERT INTO org (region, code, kind, sector, name_zh, name_en, short_zh, short_en,"
        " paper_word) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        SQL_ARGS(sql_int(region), sql_text(org->code), sql_text(org_kind_code(org->kind)),
                 sql_text(org->sector), sql_text(org->name.zh), sql_text(org->name.en),
                 sql_text(org->short_name.zh), sql_text(org->short_name.en),
                 sql_text(org->paper_word == NULL ? "" : org->paper_word)),
        NULL);
}

/*
 * Adopting an edition: copy, read back, register, take up. The copy is whole and synced before the
 * row that asks for it is written; a copy that no row asks for does no harm.
 */
#include "base/file.h"
#include "base/limit.h"
#include "calendar/date.h"
#include "matter/edition_inner.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static enum fault copy_file(struct ctx *ctx, const char *from, const char *to, const char *name)
{
    char *data = NULL;
    size_t count = 0;
    enum fault fault = file_read(ctx, arena_printf(ctx->arena, "%s/%s", from, name),
                                 LIMIT_RULE_FILE_BYTES, &data, &count);
    const char *path = arena_printf(ctx->arena, "%s/%s", to, name);
    if (fault == FAULT_NONE) {
        char *folder = arena_text(ctx->arena, path);
        *strrchr(folder, '/') = 0;
        fault = file_make_folder(ctx, folder, 0700);
    }
    return fault == FAULT_NONE ? file_write(ctx, path, data, count, 0600) : fault;
}

/* Takes away what a broken attempt left: files that do not belong to this edition. */
static enum fault clear_part(struct ctx *ctx, const char *part)
{
    const char **names = NULL;
    size_t count = 0;
    if (access(part, F_OK) != 0) {
        return FAULT_NONE;
    }
    enum fault fault = rules_edition_files(ctx, part, &names, &count);
    for (size_t i = 0; i < count && fault == FAULT_NONE; i++) {
        (void)unlink(arena_printf(ctx->arena, "%s/%s", part, names[i]));
    }
    return fault;
}

static enum fault copy_all(struct ctx *ctx, const char *from, const char *part)
{
    const char **names = NULL;
    size_t count = 0;
    enum fault fault = clear_part(ctx, part);
    if (fault == FAULT_NONE) {
        fault = rules_edition_files(ctx, from, &names, &count);
    }
    for (size_t i = 0; i < count && fault == FAULT_NONE; i++) {
        fault = copy_file(ctx, from, part, names[i]);
    }
    return fault;
}

static enum fault keep_copy(const struct editions *editions, struct ctx *ctx,
                            const struct adoption *adoption)
{
    const char *folder = edition_folder(ctx->arena, editions, adoption->ret_edition);
    if (access(folder, F_OK) == 0) {
        return FAULT_NONE; /* Kept by an attempt that did not register it; it is read back. */
    }
    const char *part = arena_printf(ctx->arena, "%s.part", folder);
    enum fault fault = file_make_folder(ctx, editions->folder, 0700);
    if (fault == FAULT_NONE) {
        fault = copy_all(ctx, adoption->folder, part);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    /* Two programs may keep the same copy at once: whoever is second finds it there. */
    if (rename(part, folder) != 0 && access(folder, F_OK) != 0) {
        return ctx_fail(ctx, FAULT_IO_FAILED, "%s: %s", "%s：%s", folder, strerror(errno));
    }
    return file_sync_folder(ctx, editions->folder);
}

struct registering {
    const struct adoption *adoption;
    const struct rulebook *book;
};

static enum fault has_matters(struct ctx *ctx, struct store_tx *tx, int64_t region, bool *ret_has)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_query(tx, ctx, "SELECT 1 FROM matter WHERE region = $1 LIMIT 1",
                                 SQL_ARGS(sql_int(region)), &rows);
    *ret_has = fault == FAULT_NONE && sql_next(rows);
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static enum fault insert(struct ctx *ctx, struct store_tx *tx, const struct registering *r,
                         const char *edition, int64_t *ret_inserted)
{
    return sql_run(tx, ctx,
                   "INSERT INTO edition (region, edition, runs_as, code, takes_effect, adopted_ms,"
                   " adopted_by) VALUES ($1, $2, $3, $4, $5, $6, $7)"
                   " ON CONFLICT (region, edition) DO NOTHING",
                   SQL_ARGS(sql_int(r->book->region), sql_text(edition), sql_text(r->book->edition),
                            sql_text(r->book->code), sql_int(r->adoption->takes_effect),
                            sql_int(ctx->now_ms), sql_text(r->adoption->by)),
                   ret_inserted);
}

/* Matters of release 0.1 hold states and clocks by the names of their own rulebook. */
static enum fault must_be_theirs(struct ctx *ctx, struct store_tx *tx, const struct registering *r)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_query(tx, ctx, "SELECT edition FROM matter WHERE region = $1 AND edition <> $2 LIMIT 1",
                  SQL_ARGS(sql_int(r->book->region), sql_text(r->book->edition)), &rows);
    if (fault == FAULT_NONE && sql_next(rows)) {
        return ctx_fail(ctx, FAULT_RULE_REFUSED,
                        "Matters began under edition %s of the rulebook, this is %s. Name theirs "
                        "first: liandong init --rulebook DIR; then adopt this one.",
                        "已有事项按规则版本%s开始，此处是%s。请先用liandong init --rulebook "
                        "指定原规则目录，再采用新规则。",
                        sql_column_text(rows, 0), r->book->edition);
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

/* What release 0.1 began goes on under the first edition registered. */
static enum fault adopt_earlier(struct ctx *ctx, struct store_tx *tx, const struct registering *r)
{
    const char *editions[EDITIONS_MAX];
    size_t count = 0;
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_query(tx, ctx, "SELECT DISTINCT edition FROM matter WHERE region = $1 ORDER BY edition",
                  SQL_ARGS(sql_int(r->book->region)), &rows);
    while (fault == FAULT_NONE && count < EDITIONS_MAX && sql_next(rows)) {
        editions[count++] = arena_text(ctx->arena, sql_column_text(rows, 0));
    }
    fault = fault == FAULT_NONE ? sql_fault(rows) : fault;
    for (size_t i = 0; i < count && fault == FAULT_NONE; i++) {
        fault = insert(ctx, tx, r, editions[i], NULL);
    }
    return fault;
}

static enum fault register_edition(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    const struct registering *r = arg;
    bool first = r->adoption->first;
    bool matters = false;
    int64_t inserted = 0;
    enum fault fault = has_matters(ctx, tx, r->book->region, &matters);
    if (fault == FAULT_NONE && matters && !first &&
        r->adoption->takes_effect < date_of_ms(ctx->now_ms)) {
        return ctx_fail(ctx, FAULT_RULE_REFUSED,
                        "A rulebook can't take effect before today: there are matters already.",
                        "已有事项，规则不能在今天之前生效。");
    }
    if (fault == FAULT_NONE && first && r->adoption->found) {
        fault = must_be_theirs(ctx, tx, r);
    }
    if (fault == FAULT_NONE) {
        fault = insert(ctx, tx, r, r->book->edition, &inserted);
    }
    if (fault == FAULT_NONE && inserted == 0 && !first) {
        return ctx_fail(ctx, FAULT_DUPLICATE, "Edition %s was adopted before.",
                        "规则版本%s已经采用过。", r->book->edition);
    }
    return fault == FAULT_NONE && first ? adopt_earlier(ctx, tx, r) : fault;
}

enum fault editions_adopt(struct editions *editions, struct ctx *ctx, struct store *store,
                          struct adoption *adoption)
{
    struct rulebook *book = NULL;
    enum fault fault = rules_edition_digest(ctx, adoption->folder, adoption->ret_edition);
    if (fault == FAULT_NONE) {
        fault = keep_copy(editions, ctx, adoption);
    }
    if (fault == FAULT_NONE) {
        const char *folder = edition_folder(ctx->arena, editions, adoption->ret_edition);
        fault = rules_load(ctx, folder, &book);
    }
    if (fault == FAULT_NONE && strcmp(book->edition, adoption->ret_edition) != 0) {
        fault = ctx_fail(ctx, FAULT_RULEBOOK_INVALID,
                         "The copy kept of edition %s is not what was adopted; take it away.",
                         "规则版本%s的留存副本与采用内容不一致，请先移除。", adoption->ret_edition);
    }
    int64_t region = book == NULL ? 0 : book->region;
    if (fault == FAULT_NONE) {
        struct registering registering = {.adoption = adoption, .book = book};
        fault = store_write(store, ctx, register_edition, &registering);
    }
    rules_destroy(book);
    return fault == FAULT_NONE ? editions_refresh(editions, ctx, store, region) : fault;
}

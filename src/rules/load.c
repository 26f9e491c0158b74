/* Loads an edition's folder: shared lists first, then procedures, then what needs all of them. */
#include "base/file.h"
#include "base/limit.h"
#include "rules/figure_inner.h"

#include <stdio.h>

static void load_procedures(struct loading *l, const char *folder, char **names, size_t count)
{
    struct yaml_node **roots = arena_array(l->ctx->arena, count + 1, sizeof *roots);
    l->book->procedures = kept_array(l, count, sizeof *l->book->procedures);
    for (size_t i = 0; i < count; i++) {
        const char *path = arena_printf(l->ctx->arena, "%s/procedures/%s", folder, names[i]);
        struct yaml_node *root = yaml_load(l->ctx, &l->report, path);
        const char *code = root == NULL ? NULL : read_text(l, root, "code", true);
        if (code == NULL) {
            continue;
        }
        if (rules_procedure(l->book, code) != NULL) {
            yaml_wrong(&l->report, root, "procedure '%s' stands twice", code);
        }
        struct rules_procedure *procedure = &l->book->procedures[l->book->procedures_count];
        roots[l->book->procedures_count++] = root;
        procedure->code = code;
        load_procedure(l, root, procedure);
    }
    if (l->report.count == 0) {
        load_papers(l, folder, roots);
        check_book(l, roots);
    }
}

/* The digest of everything that makes the edition: a matter keeps it. */
static enum fault digest_edition(struct loading *l, const char *folder)
{
    char edition[RULES_EDITION_TEXT];
    enum fault fault = rules_edition_digest(l->ctx, folder, edition);
    l->book->edition = arena_text(l->arena, edition);
    return fault;
}

static enum fault report_fault(struct loading *l)
{
    struct buffer text;
    buffer_init(&text, l->ctx->arena);
    for (size_t i = 0; i < l->report.count; i++) {
        buffer_printf(&text, "%s%s", i == 0 ? "" : "\n", l->report.lines[i]);
    }
    return ctx_fail(l->ctx, FAULT_RULEBOOK_INVALID, "%s", "%s", text.data);
}

enum fault rules_load(struct ctx *ctx, const char *folder, struct rulebook **ret_book)
{
    char **names = NULL;
    size_t count = 0;
    enum fault fault =
        file_list(ctx, arena_printf(ctx->arena, "%s/procedures", folder), ".yaml", &names, &count);
    if (fault != FAULT_NONE) {
        return fault;
    }
    struct arena *arena = arena_create();
    struct loading l = {
        .ctx = ctx, .arena = arena, .book = arena_alloc(arena, sizeof(struct rulebook))};
    l.book->arena = arena;
    yaml_report_init(&l.report, ctx->arena);
    load_header(&l, folder);
    load_articles(&l, folder);
    load_vocabularies(&l, folder);
    load_settings(&l, folder);
    load_competence(&l, folder);
    load_procedures(&l, folder, names, count);
    if (l.report.count == 0) {
        load_figures(&l, folder);
    }
    fault = l.report.count > 0 ? report_fault(&l) : digest_edition(&l, folder);
    if (fault != FAULT_NONE) {
        arena_destroy(arena);
        return fault;
    }
    *ret_book = l.book;
    return FAULT_NONE;
}

void rules_destroy(struct rulebook *book)
{
    if (book != NULL) {
        arena_destroy(book->arena);
    }
}

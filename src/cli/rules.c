/* liandong rules check|coverage|json [DIR], rules graph PROCEDURE [DIR] */
#include "rules/rules.h"

#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

static int run_check(struct ctx *ctx, const char *folder)
{
    struct buffer report;
    buffer_init(&report, ctx->arena);
    enum fault fault = rules_check(ctx, folder, &report);
    (void)fputs(report.data, fault == FAULT_NONE ? stdout : stderr);
    return fault == FAULT_NONE ? 0 : 1;
}

static int run_graph(const struct rulebook *book, const char *code, enum lang lang,
                     struct buffer *text)
{
    const struct rules_procedure *procedure = rules_procedure(book, code);
    if (procedure == NULL) {
        (void)fprintf(stderr, "liandong rules graph: there is no procedure '%s'\n", code);
        return 1;
    }
    rules_graph(procedure, lang, text);
    return 0;
}

static int run_on_book(struct ctx *ctx, const char *verb, const char *folder, const char *code)
{
    struct rulebook *book = NULL;
    enum fault fault = rules_load(ctx, folder, &book);
    if (fault != FAULT_NONE) {
        return cli_failed(ctx, fault);
    }
    struct buffer text;
    struct json_writer json;
    int status = 0;
    buffer_init(&text, ctx->arena);
    json_writer_init(&json, &text);
    if (strcmp(verb, "coverage") == 0) {
        status = rules_coverage(book, ctx->lang, &text) ? 0 : 1;
    } else if (strcmp(verb, "json") == 0) {
        rules_json(book, &json);
        buffer_char(&text, '\n');
    } else {
        status = run_graph(book, code, ctx->lang, &text);
    }
    (void)fwrite(text.data, 1, text.count, stdout);
    rules_destroy(book);
    return status;
}

static int usage(void)
{
    (void)fputs("liandong rules check [DIR]\n"
                "liandong rules coverage [DIR] [--lang zh|en]\n"
                "liandong rules graph PROCEDURE [DIR] [--lang zh|en]\n"
                "liandong rules json [DIR]\n",
                stderr);
    return 2;
}

int cli_rules(int argc, char **argv)
{
    const char *words[3] = {NULL, NULL, NULL};
    const char *lang = "zh";
    const struct cli_flag flags[] = {{"--lang", &lang, NULL}};
    size_t count = 0;
    if (!cli_flags(argc, argv, flags, 1, words, 3, &count)) {
        return 2;
    }
    const char *verb = count == 0 ? "" : words[0];
    bool graph = strcmp(verb, "graph") == 0;
    bool known = graph || strcmp(verb, "check") == 0 || strcmp(verb, "coverage") == 0 ||
                 strcmp(verb, "json") == 0;
    if (!known || count > (graph ? 3 : 2) || (graph && count < 2)) {
        return usage();
    }
    struct arena *arena = arena_create();
    struct ctx ctx;
    ctx_init(&ctx, arena, 0);
    ctx.lang = strcmp(lang, "en") == 0 ? LANG_EN : LANG_ZH;
    const char *folder = words[graph ? 2 : 1];
    folder = folder != NULL ? folder : cli_share_path(arena, "rulebooks/zengdu-2021");
    int status = strcmp(verb, "check") == 0 ? run_check(&ctx, folder)
                                            : run_on_book(&ctx, verb, folder, words[1]);
    arena_destroy(arena);
    return status;
}

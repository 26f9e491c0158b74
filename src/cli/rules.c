/* liandong rules: check, coverage, graph, json of a rulebook; adopt, editions, rehearse with data.
 */
#include "cli/rules.h"

#include "base/clock.h"
#include "base/random.h"
#include "calendar/date.h"
#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int check_run(struct ctx *ctx, const struct rules_command *command)
{
    struct buffer report;
    buffer_init(&report, ctx->arena);
    enum fault fault = rules_check(ctx, command->words[0], &report);
    (void)fputs(report.data, fault == FAULT_NONE ? stdout : stderr);
    return fault == FAULT_NONE ? 0 : 1;
}

static int coverage_run(struct ctx *ctx, const struct rules_command *command)
{
    struct rulebook *book = NULL;
    struct rules_stories stories;
    struct buffer text;
    bool whole = true;
    buffer_init(&text, ctx->arena);
    enum fault fault = rules_load(ctx, command->words[0], &book);
    if (fault == FAULT_NONE) {
        fault = rules_stories(ctx, command->words[0], book, &stories);
    }
    if (fault != FAULT_NONE) {
        rules_destroy(book);
        return cli_failed(ctx, fault);
    }
    if (command->markdown) {
        rules_coverage_table(book, ctx->lang, &text);
    } else {
        whole = rules_coverage(book, &stories, ctx->lang, &text);
    }
    (void)fwrite(text.data, 1, text.count, stdout);
    rules_destroy(book);
    return whole ? 0 : 1;
}

static int json_run(struct ctx *ctx, const struct rules_command *command)
{
    struct rulebook *book = NULL;
    enum fault fault = rules_load(ctx, command->words[0], &book);
    if (fault != FAULT_NONE) {
        return cli_failed(ctx, fault);
    }
    struct buffer text;
    struct json_writer json;
    buffer_init(&text, ctx->arena);
    json_writer_init(&json, &text);
    rules_json(book, &json);
    buffer_char(&text, '\n');
    (void)fwrite(text.data, 1, text.count, stdout);
    rules_destroy(book);
    return 0;
}

/* One procedure, or "all": each under a heading, as a page that Mermaid draws. */
static bool draw(const struct rulebook *book, const char *code, enum lang lang, struct buffer *text)
{
    const struct rules_procedure *procedure = rules_procedure(book, code);
    if (procedure != NULL) {
        rules_graph(procedure, lang, text);
        return true;
    }
    bool all = strcmp(code, "all") == 0;
    for (size_t i = 0; all && i < book->procedures_count; i++) {
        procedure = &book->procedures[i];
        buffer_printf(text, "## %s (%s)\n\n```mermaid\n", label_text(&procedure->label, lang),
                      procedure->code);
        rules_graph(procedure, lang, text);
        buffer_text(text, "```\n\n");
    }
    return all;
}

static int graph_run(struct ctx *ctx, const struct rules_command *command)
{
    struct rulebook *book = NULL;
    enum fault fault = rules_load(ctx, command->words[1], &book);
    if (fault != FAULT_NONE) {
        return cli_failed(ctx, fault);
    }
    struct buffer text;
    buffer_init(&text, ctx->arena);
    bool known = draw(book, command->words[0], ctx->lang, &text);
    (void)fwrite(text.data, 1, text.count, stdout);
    rules_destroy(book);
    if (!known) {
        (void)fprintf(stderr, "liandong rules graph: there is no procedure '%s'\n",
                      command->words[0]);
    }
    return known ? 0 : 1;
}

/* `folder`: the place of the word that names a rulebook; the shipped one if it is not given. */
static const struct {
    const char *verb;
    size_t words_min, words_max, folder;
    int (*run)(struct ctx *ctx, const struct rules_command *command);
    const char *usage;
} verbs[] = {
    {"check", 0, 1, 0, check_run, "check [DIR]"},
    {"coverage", 0, 1, 0, coverage_run, "coverage [DIR] [--markdown] [--lang zh|en]"},
    {"graph", 1, 2, 1, graph_run, "graph PROCEDURE|all [DIR] [--lang zh|en]"},
    {"json", 0, 1, 0, json_run, "json [DIR]"},
    {"rehearse", 1, 1, 0, rules_rehearse_run,
     "rehearse DIR --data DATA [--store URL] [--from DAY] [--to DAY] [--json]"},
    {"adopt", 1, 1, 0, rules_adopt_run,
     "adopt DIR --data DATA --from DAY [--store URL] [--by NAME]"},
    {"editions", 0, 0, 0, rules_editions_run, "editions --data DATA [--store URL]"},
};
enum { VERBS = sizeof verbs / sizeof verbs[0] };

static int usage(void)
{
    for (size_t i = 0; i < VERBS; i++) {
        (void)fprintf(stderr, "liandong rules %s\n", verbs[i].usage);
    }
    return 2;
}

static int run(struct ctx *ctx, struct rules_command *command)
{
    for (size_t i = 0; i < VERBS; i++) {
        if (strcmp(command->verb, verbs[i].verb) != 0) {
            continue;
        }
        if (command->words_count < verbs[i].words_min ||
            command->words_count > verbs[i].words_max) {
            return usage();
        }
        if (verbs[i].words_max > 0 && command->words[verbs[i].folder] == NULL) {
            command->words[verbs[i].folder] = cli_share_path(ctx->arena, "rulebooks/zengdu-2021");
        }
        return verbs[i].run(ctx, command);
    }
    return usage();
}

int cli_rules(int argc, char **argv)
{
    const char *words[3] = {NULL, NULL, NULL};
    struct rules_command command = {.store_url = getenv("LIANDONG_STORE")};
    const struct cli_flag flags[] = {{"--lang", &command.lang, NULL},
                                     {"--data", &command.data_dir, NULL},
                                     {"--store", &command.store_url, NULL},
                                     {"--from", &command.from, NULL},
                                     {"--to", &command.to, NULL},
                                     {"--as-of", &command.as_of, NULL},
                                     {"--by", &command.by, NULL},
                                     {"--json", NULL, &command.json},
                                     {"--markdown", NULL, &command.markdown}};
    size_t count = 0;
    int64_t now_ms = clock_now_ms();
    if (!cli_flags(argc, argv, flags, sizeof flags / sizeof flags[0], words, 3, &count)) {
        return 2;
    }
    if (count == 0 || (command.as_of != NULL && !minute_parse(command.as_of, &now_ms))) {
        return usage();
    }
    command.verb = words[0];
    command.words[0] = words[1];
    command.words[1] = words[2];
    command.words_count = count - 1;
    random_start();
    struct arena *arena = arena_create();
    struct ctx ctx;
    ctx_init(&ctx, arena, now_ms);
    ctx.lang = command.lang == NULL              ? cli_lang()
               : strcmp(command.lang, "en") == 0 ? LANG_EN
                                                 : LANG_ZH;
    int status = run(&ctx, &command);
    arena_destroy(arena);
    return status;
}

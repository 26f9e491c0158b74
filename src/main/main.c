/* Picks the subcommand. */
#include "cli/cli.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int print_version(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    (void)puts("liandong " LIANDONG_VERSION);
    return 0;
}

/* `own`: called alone it tells its own forms. */
static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    bool own;
    const char *usage;
} commands[] = {
    {"serve", cli_serve, false,
     "serve --data DIR [--listen ADDRESS:PORT] [--store URL] [--web DIR]"},
    {"init", cli_init, false, "init --data DIR [--demo] [--bodies FILE] [--store URL]"},
    {"account", cli_account, true,
     "account list|add|password|roles|disable|enable [LOGIN] --data DIR"},
    {"appraisal", cli_appraisal, true,
     "appraisal recompute|report --data DIR [--check] [--period 2026Q3]"},
    {"calendar", cli_calendar, true, "calendar show|load FILE --data DIR [--apply] [--json]"},
    {"deadline", cli_deadline, false,
     "deadline --from DAY --within 5wd [--json] | --batch < lines"},
    {"code", cli_code, false, "code CODE...            check unified social credit codes"},
    {"rules", cli_rules, true, "rules check|coverage|graph|json|rehearse|adopt|editions ..."},
    {"typeset", cli_typeset, false, "typeset [--format pdf|ofd] <content.json | --fonts-report"},
    {"version", print_version, false, "version"},
};

static bool wants_help(int argc, char **argv)
{
    bool wants = false;
    for (int i = 1; i < argc && !wants; i++) {
        wants = strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0;
    }
    return wants;
}

static int help(size_t command, char **argv)
{
    if (commands[command].own) {
        (void)commands[command].run(1, argv);
    } else {
        (void)printf("liandong %s\nMore: README.md, docs/operations.md\n", commands[command].usage);
    }
    return 0;
}

int main(int argc, char **argv)
{
    size_t count = sizeof commands / sizeof commands[0];
    for (size_t i = 0; argc > 1 && i < count; i++) {
        if (strcmp(commands[i].name, argv[1]) == 0) {
            return wants_help(argc - 1, argv + 1) ? help(i, argv + 1)
                                                  : commands[i].run(argc - 1, argv + 1);
        }
    }
    bool asked = wants_help(argc, argv) || (argc > 1 && strcmp(argv[1], "help") == 0);
    FILE *to = asked ? stdout : stderr;
    (void)fputs("liandong, joint supervision of public-resource trading. Commands:\n", to);
    for (size_t i = 0; i < count; i++) {
        (void)fprintf(to, "  liandong %s\n", commands[i].usage);
    }
    return asked ? 0 : 2;
}

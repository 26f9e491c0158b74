/* Picks the subcommand. */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

static int print_version(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    (void)puts("liandong " LIANDONG_VERSION);
    return 0;
}

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *usage;
} commands[] = {
    {"serve", cli_serve, "serve --data DIR [--listen ADDRESS:PORT] [--store URL] [--web DIR]"},
    {"init", cli_init, "init --data DIR [--demo] [--bodies FILE] [--store URL]"},
    {"account", cli_account, "account list|add|password|roles|disable|enable [LOGIN] --data DIR"},
    {"appraisal", cli_appraisal,
     "appraisal recompute|report --data DIR [--check] [--period 2026Q3]"},
    {"calendar", cli_calendar, "calendar show|load FILE --data DIR [--apply] [--json]"},
    {"deadline", cli_deadline, "deadline --from DAY --within 5wd [--json] | --batch < lines"},
    {"code", cli_code, "code CODE...            check unified social credit codes"},
    {"rules", cli_rules, "rules check|coverage|graph|json|rehearse|adopt|editions ..."},
    {"typeset", cli_typeset, "typeset [--format pdf|ofd] <content.json | --fonts-report"},
    {"version", print_version, "version"},
};

int main(int argc, char **argv)
{
    size_t count = sizeof commands / sizeof commands[0];
    for (size_t i = 0; argc > 1 && i < count; i++) {
        if (strcmp(commands[i].name, argv[1]) == 0) {
            return commands[i].run(argc - 1, argv + 1);
        }
    }
    (void)fputs("liandong, joint supervision of public-resource trading. Commands:\n", stderr);
    for (size_t i = 0; i < count; i++) {
        (void)fprintf(stderr, "  liandong %s\n", commands[i].usage);
    }
    return 2;
}

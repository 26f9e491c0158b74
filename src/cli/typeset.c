/* liandong typeset ...: hands over to liandong-typeset, which sets one paper. */
#include "cli/cli.h"
#include "document/document.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { ARGUMENTS_MAX = 16 };

int cli_typeset(int argc, char **argv)
{
    SCOPED_ARENA arena = arena_create();
    char *arguments[ARGUMENTS_MAX + 1];
    char *program = arena_text(arena, typesetters_program(arena));
    if (argc > ARGUMENTS_MAX) {
        (void)fputs("liandong typeset: too many arguments\n", stderr);
        return 2;
    }
    arguments[0] = program;
    for (int i = 1; i <= argc; i++) {
        arguments[i] = argv[i];
    }
    (void)execv(program, arguments);
    (void)fprintf(stderr, "%s: %s\n", program, strerror(errno));
    return 1;
}

#pragma once
/* The subcommands: one file each. argv[0] is the subcommand's name; the result is the exit status:
 * 0 good, 1 the thing asked about is bad or the work failed, 2 the command line is wrong. */
#include "base/ctx.h"

#include <stdbool.h>
#include <stddef.h>

int cli_deadline(int argc, char **argv);
int cli_code(int argc, char **argv);
int cli_rules(int argc, char **argv);
int cli_init(int argc, char **argv);
int cli_account(int argc, char **argv);
int cli_appraisal(int argc, char **argv);
int cli_calendar(int argc, char **argv);
int cli_serve(int argc, char **argv);
int cli_typeset(int argc, char **argv);

/*
 * Where the program's data lies: $LIANDONG_SHARE, or ../share/liandong beside the executable, or
 * the folder above the executable that has calendars/cn.yaml (a source tree). Gives the path of
 * `relative` in it.
 */
const char *cli_share_path(struct arena *arena, const char *relative);
/* The built pages, web/ beside the executable (build/, a release archive), or NULL. */
const char *cli_pages_path(struct arena *arena);
/* The language of the command line's own messages: English if the environment says so, else
 * Chinese. */
enum lang cli_lang(void);
/* Prints the ctx's note (or the fault's meaning) to standard error; returns 1. */
int cli_failed(const struct ctx *ctx, enum fault fault);
/* The value after a flag like "--data"; exits the loop by returning false on an unknown one. */
struct cli_flag {
    const char *name;
    const char **value; /* NULL: a flag without value; then `given` is set. */
    bool *given;
};
/* Reads flags and up to `words_max` plain words. False after printing what is wrong. */
bool cli_flags(int argc, char **argv, const struct cli_flag *flags, size_t flags_count,
               const char **words, size_t words_max, size_t *ret_words);

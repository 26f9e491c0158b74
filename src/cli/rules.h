#pragma once
/* Private to cli/rules*.c: what the command line of `liandong rules` says. */
#include "base/ctx.h"
#include "cli/office.h"

struct rules_command {
    const char *verb;
    const char *words[2]; /* After the verb; NULL: not given. */
    size_t words_count;
    const char *data_dir, *store_url, *from, *to, *as_of, *by, *lang;
    bool json, markdown;
};

/* A subcommand of its own: the exit status. */
int rules_adopt_run(struct ctx *ctx, const struct rules_command *command);
int rules_editions_run(struct ctx *ctx, const struct rules_command *command);
int rules_rehearse_run(struct ctx *ctx, const struct rules_command *command);

/* Opens the data for adopting and rehearsing; --data or --store must be there. */
enum fault rules_open_data(struct ctx *ctx, const struct rules_command *command,
                           struct workplace *ret_place) MUST_CHECK;

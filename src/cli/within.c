/* What most subcommands do around their work: open the workplace, work, say what went wrong. */
#include "base/clock.h"
#include "base/random.h"
#include "cli/cli.h"
#include "cli/office.h"

int cli_within(const struct workplace_options *options, struct workplace *place, enum lang lang,
               enum fault (*work)(struct ctx *ctx, void *arg), void *arg)
{
    random_start();
    struct arena *arena = arena_create();
    struct ctx ctx;
    ctx_init(&ctx, arena, clock_now_ms());
    ctx.lang = lang;
    enum fault fault = workplace_open(&ctx, options, place);
    if (fault == FAULT_NONE) {
        fault = work(&ctx, arg);
        workplace_close(place);
    }
    int status = fault == FAULT_NONE ? 0 : cli_failed(&ctx, fault);
    arena_destroy(arena);
    return status;
}

/* The demonstration district's year: reads what is told of it, plans it, lets the engine live it.
 */
#include "cli/demo.h"

#include "calendar/date.h"
#include "job/job.h"

#include <stdlib.h>
#include <string.h>

enum fault demo_mistake(struct demo *demo)
{
    if (demo->report.count == 0) {
        return FAULT_NONE;
    }
    return ctx_fail(demo->ctx, FAULT_INVALID_FIELD, "%s", "%s", demo->report.lines[0]);
}

static enum fault read_files(struct demo *demo, const char *folder)
{
    demo->texts =
        yaml_load(demo->ctx, &demo->report, arena_printf(demo->arena, "%s/texts.yaml", folder));
    demo->script =
        yaml_load(demo->ctx, &demo->report, arena_printf(demo->arena, "%s/scenarios.yaml", folder));
    if (demo->texts != NULL) {
        const struct yaml_node *topics = yaml_get(demo->texts, "topics");
        demo->seed = (uint64_t)yaml_int(&demo->report, demo->texts, "seed", 1, INT32_MAX, 1);
        if (topics == NULL || topics->count == 0) {
            yaml_wrong(&demo->report, demo->texts, "topics are missing");
        }
    }
    return demo_mistake(demo);
}

/* As the server would have reminded in the last two weeks, at ten in the morning. */
static enum fault remind(struct demo *demo)
{
    enum { DAYS = 14, TEN_MS = 10 * 3600 * 1000 };
    struct ctx *ctx = demo->ctx;
    int64_t now_ms = ctx->now_ms;
    int32_t today = date_of_ms(now_ms);
    enum fault fault = FAULT_NONE;
    for (int32_t day = today - DAYS; day <= today && fault == FAULT_NONE; day++) {
        ctx->now_ms = date_start_ms(day) + TEN_MS;
        if (ctx->now_ms <= now_ms) {
            fault = job_remind(ctx, demo->place->store, &demo->place->office);
        }
    }
    ctx->now_ms = now_ms;
    return fault;
}

enum fault demo_fill(struct ctx *ctx, struct workplace *place, const char *folder,
                     struct demo_made *ret_made)
{
    struct demo demo = {.ctx = ctx, .arena = ctx->arena, .place = place};
    yaml_report_init(&demo.report, ctx->arena);
    enum fault fault = read_files(&demo, folder);
    if (fault == FAULT_NONE) {
        fault = demo_plan(&demo);
    }
    if (fault == FAULT_NONE) {
        fault = demo_perform(&demo);
    }
    if (fault == FAULT_NONE) {
        fault = remind(&demo);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    ret_made->actions = demo.steps_count;
    memcpy(ret_made->code, demo.code, sizeof ret_made->code);
    return FAULT_NONE;
}

#include "set_papers.h"

#include "job/paper.h"

#include <stdio.h>
#include <stdlib.h>

struct telling {
    const char *story;
    unsigned wrong;
};

/* Those that are not ready after all rounds. */
static enum fault tell(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct telling *telling = arg;
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_query(tx, ctx,
                                 "SELECT code, pdf, error FROM paper WHERE state = 'issued'"
                                 " AND pdf <> 'ready' ORDER BY id",
                                 SQL_NO_ARGS, &rows);
    while (fault == FAULT_NONE && sql_next(rows)) {
        const char *error = sql_column_text(rows, 2);
        telling->wrong++;
        (void)printf("%s: paper %s: expected ready, found %s (%s)\n", telling->story,
                     sql_column_text(rows, 0), sql_column_text(rows, 1),
                     error == NULL ? "" : error);
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

unsigned set_papers(struct workplace *place, const char *story, int64_t now_ms)
{
    static struct typesetters *typesetters; /* One pool for all stories; ends with the program. */
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    ctx_init(&ctx, arena, now_ms);
    struct actor actor = {.kind = ACTOR_SYSTEM, .region = place->office.region, .name = ""};
    ctx.actor = &actor;
    if (typesetters == NULL) {
        const struct typesetters_options options = {.workers = 2};
        if (typesetters_start(&ctx, &options, &typesetters) != FAULT_NONE) {
            (void)printf("%s: %s\n", story, ctx.note);
            return 1;
        }
    }
    const struct paper_setting_options options = {
        .store = place->store, .office = &place->office, .typesetters = typesetters};
    struct paper_round round = {.set = 1};
    enum fault fault = FAULT_NONE;
    while (fault == FAULT_NONE && round.set > 0) {
        fault = job_papers(&ctx, &options, &round);
    }
    struct telling telling = {.story = story, .wrong = fault == FAULT_NONE ? 0 : 1};
    if (store_read(place->store, &ctx, tell, &telling) != FAULT_NONE) {
        telling.wrong++;
    }
    return telling.wrong;
}

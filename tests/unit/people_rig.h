#pragma once
/* A store in memory with the real schema and a small district. */
#include "base/random.h"
#include "check.h"
#include "people/people.h"
#include "store/store.h"

enum { RIG_REGION = 421303, OTHER_REGION = 421321 };

static struct store *rig_store;

static inline enum fault rig_fill(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    (void)arg;
    static const struct org orgs[] = {{.code = "supervisor",
                                       .kind = ORG_SUPERVISOR,
                                       .name = {"监", "S"},
                                       .short_name = {"监", "S"}},
                                      {.code = "water",
                                       .kind = ORG_REGULATOR,
                                       .sector = "water",
                                       .name = {"水", "W"},
                                       .short_name = {"水", "W"}},
                                      {.code = "roads",
                                       .kind = ORG_REGULATOR,
                                       .sector = "roads",
                                       .name = {"路", "R"},
                                       .short_name = {"路", "R"}}};
    enum fault fault = FAULT_NONE;
    for (size_t i = 0; i < 3 && fault == FAULT_NONE; i++) {
        fault = people_org_add(ctx, tx, RIG_REGION, &orgs[i]);
        fault = fault == FAULT_NONE ? people_org_add(ctx, tx, OTHER_REGION, &orgs[i]) : fault;
    }
    return fault;
}

static inline int rig_people_start(void **state)
{
    (void)state;
    random_start();
    CHECK_CTX(ctx);
    const struct store_options options = {.url = "sqlite::memory:",
                                          .schema_dir = SOURCE_DIR "/schema"};
    enum fault fault = store_open(&ctx, &options, &rig_store);
    fault = fault == FAULT_NONE ? store_write(rig_store, &ctx, rig_fill, NULL) : fault;
    if (fault != FAULT_NONE) {
        (void)fprintf(stderr, "%s\n", ctx.note == NULL ? fault_name(fault) : ctx.note);
    }
    return fault == FAULT_NONE ? 0 : -1;
}

static inline int rig_people_stop(void **state)
{
    (void)state;
    store_close(rig_store);
    return 0;
}

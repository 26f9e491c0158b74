#pragma once
/* The engine over the smallest rulebook: a district in memory, editions in a temporary folder. */
#include "calendar/date.h"
#include "matter/edition.h"
#include "people_rig.h"
#include "rulebook_small.h"

struct rig {
    const char *data; /* Folder. */
    struct calendar *calendar;
    struct directory *directory;
    struct office office;
    struct actor supervisor;
};

static inline int64_t at(const char *minute)
{
    int64_t ms = 0;
    assert_true(minute_parse(minute, &ms));
    return ms;
}

static inline int32_t day(const char *text)
{
    int32_t date = 0;
    assert_true(date_parse(text, &date));
    return date;
}

static inline enum fault rig_directory(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    return people_directory_load(ctx, tx, RIG_REGION, arg);
}

/* Adopts the rulebook in a folder. */
static inline enum fault rig_adopt(struct rig *rig, struct ctx *ctx, const char *folder,
                                   const char *from, bool first)
{
    struct adoption adoption = {
        .folder = folder, .takes_effect = day(from), .by = "test", .first = first};
    return editions_adopt(rig->office.editions, ctx, rig_store, &adoption);
}

/* With the small book as the first edition, from its day on. */
static inline void rig_open(struct rig *rig, struct ctx *ctx)
{
    *rig = (struct rig){.data = check_folder(ctx->arena)};
    assert_int_equal(rig_people_start(NULL), 0);
    assert_int_equal(calendar_load(ctx, SOURCE_DIR "/calendars/cn.yaml", &rig->calendar),
                     FAULT_NONE);
    assert_int_equal(store_read(rig_store, ctx, rig_directory, &rig->directory), FAULT_NONE);
    rig->office = (struct office){
        .editions = editions_create(arena_printf(ctx->arena, "%s/rulebooks", rig->data)),
        .calendar = rig->calendar,
        .directory = rig->directory,
        .region = RIG_REGION,
        .yellow_days = 1};
    rig->supervisor = (struct actor){.kind = ACTOR_ACCOUNT,
                                     .region = RIG_REGION,
                                     .account = 1,
                                     .login = "s",
                                     .name = "S",
                                     .org = directory_org(rig->directory, "supervisor"),
                                     .roles = 1u << ROLE_HANDLER | 1u << ROLE_HEAD};
    const char *folder = book_write(ctx, NULL, NULL, NULL);
    assert_int_equal(rig_adopt(rig, ctx, folder, "2021-06-01", true), FAULT_NONE);
    check_folder_remove(folder);
    ctx->actor = &rig->supervisor;
}

static inline void rig_close(struct rig *rig)
{
    store_close(rig_store);
    editions_destroy(rig->office.editions);
    people_directory_destroy(rig->directory);
    calendar_destroy(rig->calendar);
    check_folder_remove(rig->data);
}

/* Performs an action at a minute; `matter` 0: starts the procedure. */
static inline enum fault rig_act(struct rig *rig, struct ctx *ctx, const char *minute,
                                 const char *procedure, const char *action, int64_t *matter,
                                 const struct act_fact *facts, size_t facts_count)
{
    struct act_call call = {.office = &rig->office,
                            .input = {.matter = *matter,
                                      .procedure = procedure,
                                      .action = action,
                                      .version = -1,
                                      .facts = facts,
                                      .facts_count = facts_count}};
    ctx_clear(ctx);
    ctx->now_ms = at(minute);
    enum fault fault = store_write(rig_store, ctx, matter_act, &call);
    *matter = fault == FAULT_NONE ? call.ret_matter : *matter;
    return fault;
}

struct rig_looking {
    const struct office *office;
    int64_t id;
    struct matter *matter;
};

static inline enum fault rig_look(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct rig_looking *looking = arg;
    return matter_read(ctx, tx, looking->office, looking->id, &looking->matter);
}

static inline struct matter *rig_matter(struct rig *rig, struct ctx *ctx, int64_t id)
{
    struct rig_looking looking = {.office = &rig->office, .id = id};
    assert_int_equal(store_read(rig_store, ctx, rig_look, &looking), FAULT_NONE);
    return looking.matter;
}

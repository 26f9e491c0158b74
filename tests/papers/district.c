#include "district.h"

#include "base/file.h"
#include "cli/cli.h"
#include "testdb.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void open_place(struct district *district, const char *rulebook, int64_t now_ms)
{
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    ctx_init(&ctx, arena, now_ms);
    struct workplace_options options = {.data_dir = district->folder,
                                        .store_url = district->url,
                                        .rulebook_dir = rulebook,
                                        .make = true};
    if (workplace_open(&ctx, &options, &district->place) != FAULT_NONE) {
        (void)fprintf(stderr, "%s\n", ctx.note);
        abort();
    }
    district->place.office.public_url = "https://ldjg.example.org";
}

void district_open(struct district *district, const char *which, const char *rulebook,
                   int64_t now_ms)
{
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    ctx_init(&ctx, arena, now_ms);
    *district = (struct district){.folder = "/tmp/liandong-paper-XXXXXX"};
    char *made = mkdtemp(district->folder);
    assert(made != NULL);
    const char *url = strcmp(which, "postgres") == 0
                          ? testdb_url(arena, which)
                          : arena_printf(arena, "sqlite:%s/paper.db", district->folder);
    district->url = strdup(url);
    open_place(district, rulebook, now_ms);
    const char *bodies = arena_printf(arena, "%s/demo/organisations.yaml", rulebook);
    if (workplace_load_bodies(&ctx, &district->place, bodies, "a password of tests", true) !=
        FAULT_NONE) {
        (void)fprintf(stderr, "%s\n", ctx.note);
        abort();
    }
}

void district_reopen(struct district *district, int64_t now_ms)
{
    workplace_close(&district->place);
    open_place(district, NULL, now_ms);
}

void district_close(struct district *district)
{
    char command[64];
    workplace_close(&district->place);
    (void)snprintf(command, sizeof command, "rm -rf %s", district->folder);
    (void)!system(command);
    /* strdup's, so that it outlives every arena. */
    free((void *)(uintptr_t)district->url);
}

void district_ctx(struct district *district, struct ctx *ctx, struct arena *arena,
                  const char *login, int64_t matter, int64_t now_ms)
{
    ctx_init(ctx, arena, now_ms);
    ctx->lang = LANG_EN;
    struct actor *actor = arena_alloc(arena, sizeof *actor);
    *actor = (struct actor){
        .kind = ACTOR_CODE, .region = district->place.office.region, .name = "", .matter = matter};
    if (strcmp(login, "public") != 0) {
        enum fault fault = workplace_actor(ctx, &district->place, login, &actor);
        assert(fault == FAULT_NONE);
    }
    ctx->actor = actor;
}

int64_t district_complaint(struct district *district, const char *subject, int64_t now_ms)
{
    const struct act_fact facts[] = {{.code = "receiver_body", .value = "supervisor"},
                                     {.code = "subject", .value = subject},
                                     {.code = "trade_category", .value = "water"},
                                     {.code = "statement", .value = "中标候选人业绩材料涉嫌造假。"},
                                     {.code = "respondent", .value = "某水利建设有限公司"},
                                     {.code = "maker_name", .value = "张三"},
                                     {.code = "maker_phone", .value = "13900000001"}};
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    struct act_call call = {.office = &district->place.office,
                            .input = {.procedure = "complaint",
                                      .action = "submit",
                                      .version = -1,
                                      .facts = facts,
                                      .facts_count = sizeof facts / sizeof facts[0]}};
    district_ctx(district, &ctx, arena, "public", 0, now_ms);
    enum fault fault = store_write(district->place.store, &ctx, matter_act, &call);
    assert(fault == FAULT_NONE);
    return call.ret_matter;
}

void district_upload(struct district *district, const char *login, const char *name, int64_t now_ms)
{
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    struct new_upload upload = {.region = district->place.office.region,
                                .name = name,
                                .media_type = "text/plain",
                                .bytes = (int64_t)strlen(name)};
    district_ctx(district, &ctx, arena, login, 0, now_ms);
    digest_of(name, strlen(name), &upload.digest);
    const char *path = arena_printf(arena, "%s/part", district->folder);
    enum fault fault = file_write(&ctx, path, name, strlen(name), 0600);
    assert(fault == FAULT_NONE);
    fault = matter_file_keep(&ctx, &district->place.office, path, &upload.digest);
    assert(fault == FAULT_NONE);
    fault = store_write(district->place.store, &ctx, matter_upload_add, &upload);
    assert(fault == FAULT_NONE);
    district->upload = upload.ret_id;
}

enum fault district_act(struct district *district, const char *login, int64_t matter,
                        const char *action, int64_t now_ms, ...)
{
    enum { FACTS_MAX = 16 };
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    struct act_fact facts[FACTS_MAX];
    struct act_call call = {
        .office = &district->place.office,
        .input = {.matter = matter, .action = action, .version = -1, .facts = facts}};
    va_list list;
    va_start(list, now_ms);
    for (const char *code = va_arg(list, const char *); code != NULL;
         code = va_arg(list, const char *)) {
        const char *value = va_arg(list, const char *);
        facts[call.input.facts_count++] = (struct act_fact){.code = code, .value = value};
    }
    va_end(list);
    call.input.uploads = &district->upload;
    call.input.uploads_count = district->upload == 0 ? 0 : 1;
    district_ctx(district, &ctx, arena, login, matter, now_ms);
    enum fault fault = store_write(district->place.store, &ctx, matter_act, &call);
    /* Asked first, so that several threads may act when there is none. */
    if (district->upload != 0) {
        district->upload = 0;
    }
    return fault;
}

struct counting {
    const char *statement;
    int64_t argument, result;
};

static enum fault count(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct counting *counting = arg;
    SCOPED(sql_rows) rows = NULL;
    bool takes = strstr(counting->statement, "$1") != NULL;
    struct sql_value value = sql_int(counting->argument);
    enum fault fault = sql_one(tx, ctx, counting->statement, &value, takes ? 1 : 0, &rows);
    counting->result = fault == FAULT_NONE ? sql_column_int(rows, 0) : -1;
    return fault;
}

int64_t district_count(struct district *district, const char *statement, int64_t argument)
{
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    ctx_init(&ctx, arena, 0);
    struct counting counting = {.statement = statement, .argument = argument};
    enum fault fault = store_read(district->place.store, &ctx, count, &counting);
    assert(fault == FAULT_NONE);
    return counting.result;
}

int64_t district_child(struct district *district, int64_t parent)
{
    return district_count(
        district, "SELECT id FROM matter WHERE parent = $1 ORDER BY id DESC LIMIT 1", parent);
}

struct looking {
    const struct office *office;
    int64_t matter;
    struct paper *papers;
    size_t count;
};

static enum fault look(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct looking *looking = arg;
    struct matter *matter = NULL;
    enum fault fault = matter_read(ctx, tx, looking->office, looking->matter, &matter);
    return fault == FAULT_NONE
               ? matter_papers(ctx, tx, looking->office, matter, &looking->papers, &looking->count)
               : fault;
}

size_t district_papers(struct district *district, struct ctx *ctx, int64_t matter,
                       struct paper **ret_papers)
{
    struct looking looking = {.office = &district->place.office, .matter = matter};
    enum fault fault = store_read(district->place.store, ctx, look, &looking);
    assert(fault == FAULT_NONE || fault == FAULT_NOT_FOUND);
    *ret_papers = looking.papers;
    return fault == FAULT_NONE ? looking.count : 0;
}

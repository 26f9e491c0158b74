/*
 * bench_fill --data DIR [--store URL] [--matters N]: fills a data folder (made by liandong init
 * with the demonstration's bodies) with matters spread over the past year, by the engine, hundreds
 * of actions in one transaction. Seven of ten are complaints recorded at the counter, a third of
 * those are rejected at once; three are requests for assistance. Writes DIR/paths-matter, the
 * addresses of all matters in random order, for bench_load.
 */
#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/office.h"
#include "matter/tally.h"
#include "work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GROUP = 500, FACTS_MAX = 8 };

struct filling {
    struct workplace *place;
    struct actor *actors[WORK_LOGINS];
    int64_t begun_ms, step_ms;
    int64_t next, until; /* Numbers of matters: of this transaction. */
    int64_t *ids;
};

static const char *const places[] = {"白云湖", "府河", "先觉庙", "南郊",
                                     "北郊",   "何店", "洛阳镇", "万店"};
static const char *const works[] = {"除险加固工程", "道路改造工程", "学校食堂采购",
                                    "医疗设备采购", "老旧小区改造", "高标准农田建设",
                                    "污水管网工程"};
static const char *const wrongs[] = {"涉嫌围标",     "涉嫌串标",      "评标办法量身定做",
                                     "资质文件造假", "未按规定公告",  "投标保证金账户异常",
                                     "评委打分畸高", "中标后擅自变更"};

#define PICK(list, number) (list)[(number) % (int64_t)(sizeof(list) / sizeof((list)[0]))]

static enum fault act(struct ctx *ctx, struct store_tx *tx, const struct filling *filling,
                      struct act_call *call, struct act_fact *facts, size_t count)
{
    call->office = &filling->place->office;
    call->input.version = -1;
    call->input.facts = facts;
    call->input.facts_count = count;
    return matter_act(ctx, tx, call);
}

static enum fault add_assistance(struct ctx *ctx, struct store_tx *tx,
                                 const struct filling *filling, int64_t number, int64_t *ret_id)
{
    struct act_fact facts[WORK_FACTS];
    for (size_t i = 0; i < WORK_FACTS; i++) {
        facts[i] = (struct act_fact){.code = work_facts[i].code, .value = work_facts[i].value};
    }
    facts[0].value = arena_printf(ctx->arena, "请协助核查%s%s投标资料第%lld号",
                                  PICK(places, number), PICK(works, number), (long long)number);
    struct act_call call = {.input = {.procedure = WORK_PROCEDURE, .action = WORK_ACTION}};
    enum fault fault = act(ctx, tx, filling, &call, facts, WORK_FACTS);
    *ret_id = call.ret_matter;
    return fault;
}

/* Ends a matter at once; one of ten stays open. */
static enum fault finish(struct ctx *ctx, struct store_tx *tx, const struct filling *filling,
                         int64_t number, int64_t matter)
{
    bool complaint = number % 10 < 7;
    struct act_fact fact = {.code = complaint ? "reject_ground" : "cancel_reason",
                            .value = complaint ? "vague" : "已由其他部门办理"};
    struct act_call call = {.input = {.matter = matter, .action = complaint ? "reject" : "cancel"}};
    return number / 7 % 10 == 0 ? FAULT_NONE : act(ctx, tx, filling, &call, &fact, 1);
}

static enum fault add_complaint(struct ctx *ctx, struct store_tx *tx, const struct filling *filling,
                                int64_t number, int64_t *ret_id)
{
    const char *project =
        arena_printf(ctx->arena, "%s%s", PICK(places, number / 3), PICK(works, number / 5));
    struct act_fact facts[FACTS_MAX] = {
        {.code = "subject",
         .value = arena_printf(ctx->arena, "投诉%s%s", project, PICK(wrongs, number))},
        {.code = "trade_category", .value = "water"},
        {.code = "statement",
         .value = arena_printf(ctx->arena, "%s开标后发现第%lld号投标人%s，请依法查处。", project,
                               (long long)(number % 97), PICK(wrongs, number / 7))},
        {.code = "source", .value = "counter"},
        {.code = "respondent", .value = PICK(places, number / 11)},
        {.code = "maker_name", .value = "张三"},
        {.code = "maker_phone", .value = "13800000000"},
        {.code = "project_name", .value = project}};
    struct act_call call = {.input = {.procedure = "complaint", .action = "record"}};
    enum fault fault = act(ctx, tx, filling, &call, facts, FACTS_MAX);
    *ret_id = call.ret_matter;
    return fault;
}

static enum fault add_group(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct filling *filling = arg;
    enum fault fault = FAULT_NONE;
    for (int64_t i = filling->next; i < filling->until && fault == FAULT_NONE; i++) {
        ctx->now_ms = filling->begun_ms + i * filling->step_ms;
        ctx->actor = filling->actors[i % WORK_LOGINS];
        fault = i % 10 < 7 ? add_complaint(ctx, tx, filling, i, &filling->ids[i])
                           : add_assistance(ctx, tx, filling, i, &filling->ids[i]);
        if (fault == FAULT_NONE) {
            fault = finish(ctx, tx, filling, i, filling->ids[i]);
        }
    }
    return fault;
}

static enum fault fill(struct ctx *ctx, struct filling *filling, int64_t matters)
{
    enum fault fault = FAULT_NONE;
    struct arena *own = arena_create();
    struct arena *outer = ctx->arena;
    ctx->arena = own;
    for (int64_t i = 0; i < matters && fault == FAULT_NONE; i += GROUP) {
        filling->next = i;
        filling->until = i + GROUP < matters ? i + GROUP : matters;
        fault = FAULT_DUPLICATE;
        /* Hundreds in one transaction easily meet a reference of the same day; the server's don't.
         */
        for (int tries = 0; tries < 20 && fault == FAULT_DUPLICATE; tries++) {
            ctx_clear(ctx);
            fault = store_write(filling->place->store, ctx, add_group, filling);
        }
        if (fault == FAULT_NONE) {
            arena_reset(own);
        }
    }
    if (ctx->note != NULL) {
        (void)fprintf(stderr, "bench_fill: %s\n", ctx->note);
    }
    ctx_clear(ctx);
    ctx->arena = outer;
    arena_destroy(own);
    return fault;
}

/* Adds everything up for the figures, as the job of the server does. */
static enum fault fold(struct ctx *ctx, struct filling *filling)
{
    struct arena *outer = ctx->arena;
    struct arena *own = arena_create();
    struct tally_recount first = {.office = &filling->place->office, .repair = true};
    struct tally_folding folding = {.office = &filling->place->office, .ret_added = 1};
    enum fault fault = FAULT_NONE;
    ctx->arena = own;
    while (fault == FAULT_NONE && folding.ret_added > 0) {
        fault = store_write(filling->place->store, ctx, tally_fold, &folding);
        if (fault == FAULT_NONE && folding.ret_never) {
            fault = store_write(filling->place->store, ctx, tally_recount, &first);
        }
        arena_reset(own);
    }
    ctx->arena = outer;
    arena_destroy(own);
    return fault;
}

static bool write_paths(const char *name, int64_t *ids, int64_t count)
{
    FILE *file = fopen(name, "w");
    if (file == NULL) {
        return false;
    }
    for (int64_t i = count - 1; i >= 0; i--) {
        char text[ID_TEXT];
        int64_t other = random_below((uint32_t)i + 1);
        id_format(ids[other], text);
        ids[other] = ids[i];
        (void)fprintf(file, "/api/v1/matters/%s\n", text);
    }
    return fclose(file) == 0;
}

static enum fault run(struct ctx *ctx, struct workplace *place, const char *data, int64_t matters)
{
    const int64_t year_ms = 365LL * 24 * 3600 * 1000;
    struct filling filling = {.place = place,
                              .begun_ms = ctx->now_ms - year_ms,
                              .step_ms = year_ms / (matters + 1),
                              .ids = arena_array(ctx->arena, (size_t)matters, sizeof(int64_t))};
    enum fault fault = FAULT_NONE;
    for (unsigned i = 0; i < WORK_LOGINS && fault == FAULT_NONE; i++) {
        fault = workplace_actor(ctx, place, work_logins[i], &filling.actors[i]);
    }
    if (fault == FAULT_NONE) {
        fault = fold(ctx, &filling);
    }
    if (fault == FAULT_NONE) {
        fault = fill(ctx, &filling, matters);
    }
    if (fault == FAULT_NONE) {
        fault = fold(ctx, &filling);
    }
    const char *paths = arena_printf(ctx->arena, "%s/paths-matter", data);
    return fault == FAULT_NONE && !write_paths(paths, filling.ids, matters) ? FAULT_IO_FAILED
                                                                            : fault;
}

int main(int argc, char **argv)
{
    const char *data = NULL;
    const char *matters = "100000";
    int64_t count = 0;
    const char *store = NULL;
    const struct cli_flag flags[] = {
        {"--data", &data, NULL}, {"--store", &store, NULL}, {"--matters", &matters, NULL}};
    size_t words = 0;
    bool right = cli_flags(argc, argv, flags, 3, NULL, 0, &words) && data != NULL &&
                 text_to_int(matters, 1, 10000000, &count);
    if (!right) {
        (void)fputs("bench_fill: see the head of bench/fill.c\n", stderr);
        return 2;
    }
    random_start();
    struct arena *arena = arena_create();
    struct ctx ctx;
    struct workplace place;
    ctx_init(&ctx, arena, clock_now_ms());
    struct workplace_options options = {.data_dir = data, .store_url = store};
    enum fault fault = workplace_open(&ctx, &options, &place);
    if (fault == FAULT_NONE) {
        fault = run(&ctx, &place, data, count);
        workplace_close(&place);
    }
    int status = fault == FAULT_NONE ? 0 : cli_failed(&ctx, fault);
    arena_destroy(arena);
    return status;
}

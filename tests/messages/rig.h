#pragma once
/* An office with the demonstration's bodies in a fresh database, and somebody who acts in it at set
 * minutes. `which` is what testdb_url takes. */
#include "base/file.h"
#include "base/random.h"
#include "calendar/date.h"
#include "check.h"
#include "cli/cli.h"
#include "cli/office.h"
#include "matter/recount.h"
#include "testdb.h"

static const char *rig_which = "sqlite::memory:";
static char rig_folder[64];
static struct workplace rig_place;
static struct arena *rig_arena;

static inline int64_t rig_minute(const char *minute)
{
    int64_t now_ms = 0;
    assert_true(minute_parse(minute, &now_ms));
    return now_ms;
}

/* A ctx at a minute. */
#define RIG_CTX(name, minute)                                                                      \
    SCOPED_ARENA name##_arena = arena_create();                                                    \
    struct ctx name;                                                                               \
    ctx_init(&name, name##_arena, rig_minute(minute));                                             \
    name.lang = LANG_EN

static inline void rig_good(const struct ctx *ctx, enum fault fault)
{
    if (fault != FAULT_NONE) {
        fail_msg("%s: %s%s", fault_name(fault), ctx->note == NULL ? "" : ctx->note,
                 ctx->fields == NULL ? "" : ctx->fields->path);
    }
}

static inline int rig_open(void **state)
{
    (void)state;
    random_start();
    rig_arena = arena_create();
    (void)snprintf(rig_folder, sizeof rig_folder, "/tmp/liandong-messages-XXXXXX");
    assert_non_null(mkdtemp(rig_folder));
    RIG_CTX(ctx, "2023-05-01T09:00");
    struct workplace_options options = {.data_dir = rig_folder,
                                        .store_url = testdb_url(rig_arena, rig_which),
                                        .rulebook_dir = SOURCE_DIR "/rulebooks/zengdu-2021",
                                        .make = true};
    rig_good(&ctx, workplace_open(&ctx, &options, &rig_place));
    rig_good(&ctx,
             workplace_load_bodies(&ctx, &rig_place,
                                   SOURCE_DIR "/rulebooks/zengdu-2021/demo/organisations.yaml",
                                   "a password for tests", true));
    rig_place.office.public_url = "https://liandong.example";
    return 0;
}

static inline int rig_close(void **state)
{
    (void)state;
    workplace_close(&rig_place);
    check_folder_remove(rig_folder);
    arena_destroy(rig_arena);
    return 0;
}

/* One action; facts are pairs of code and value, ended by NULL. Login NULL: the public. 0 as the
 * matter starts one. Gives the matter. */
static inline int64_t rig_act(const char *minute, const char *login, int64_t matter,
                              const char *procedure, const char *action, const char *const *facts)
{
    RIG_CTX(ctx, minute);
    struct actor visitor = {
        .kind = ACTOR_CODE, .region = rig_place.office.region, .name = "", .matter = matter};
    struct actor *actor = &visitor;
    if (login != NULL) {
        rig_good(&ctx, workplace_actor(&ctx, &rig_place, login, &actor));
    }
    ctx.actor = actor;
    struct act_fact given[20];
    struct act_call call = {.office = &rig_place.office};
    call.input = (struct act_input){
        .matter = matter, .procedure = procedure, .action = action, .version = -1, .facts = given};
    for (size_t i = 0; facts != NULL && facts[2 * i] != NULL; i++) {
        given[call.input.facts_count++] =
            (struct act_fact){.code = facts[2 * i], .value = facts[2 * i + 1]};
    }
    rig_good(&ctx, store_write(rig_place.store, &ctx, matter_act, &call));
    return call.ret_matter;
}

/* A complaint about housing: in the Housing Bureau, notice and review within 3 working days,
 * transfer within 5. The supervisor sees it. */
static inline int64_t rig_complaint(const char *minute, const char *body)
{
    const char *const facts[] = {"receiver_body",
                                 body,
                                 "subject",
                                 "学校工程评标异常",
                                 "trade_category",
                                 "housing",
                                 "statement",
                                 "评标报告缺少专家签字，结果公示不完整。",
                                 "respondent",
                                 "随州某建筑公司",
                                 "maker_name",
                                 "周八",
                                 "maker_phone",
                                 "13900000008",
                                 NULL};
    return rig_act(minute, NULL, 0, "complaint", "submit", facts);
}

/* What a statement gives, columns joined by blanks, rows by '\n'. */
struct rig_question {
    const char *statement;
    const struct sql_value *args;
    size_t args_count;
    unsigned columns;
    char *answer;
};

static inline enum fault rig_ask_work(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct rig_question *question = arg;
    struct buffer text;
    buffer_init(&text, rig_arena);
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_query(tx, ctx, question->statement, question->args, question->args_count, &rows);
    while (fault == FAULT_NONE && sql_next(rows)) {
        buffer_text(&text, text.count == 0 ? "" : "\n");
        for (unsigned i = 0; i < question->columns; i++) {
            const char *value = sql_column_text(rows, i);
            buffer_printf(&text, "%s%s", i == 0 ? "" : " ", value == NULL ? "-" : value);
        }
    }
    question->answer = text.data;
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static inline const char *rig_ask(const char *statement, unsigned columns)
{
    RIG_CTX(ctx, "2023-05-01T09:00");
    struct rig_question question = {.statement = statement, .columns = columns};
    rig_good(&ctx, store_read(rig_place.store, &ctx, rig_ask_work, &question));
    return question.answer;
}

static inline enum fault rig_run_work(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    return sql_run(tx, ctx, arg, SQL_NO_ARGS, NULL);
}

static inline void rig_run(const char *statement)
{
    RIG_CTX(ctx, "2023-05-01T09:00");
    char *text = arena_text(rig_arena, statement);
    rig_good(&ctx, store_write(rig_place.store, &ctx, rig_run_work, text));
}

/* The tests take the database's name from the command line. */
static inline void rig_main(int argc, char **argv)
{
    rig_which = argc > 1 ? argv[1] : rig_which;
}

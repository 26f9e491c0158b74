/* What people enter: a value for each type of fact, mostly such as the rules want them. */
#include "base/id.h"
#include "base/text.h"
#include "calendar/date.h"
#include "walk.h"

#include <string.h>

struct entering {
    struct walking *w;
    struct ctx *ctx;
    const struct rules_procedure *procedure;
    const struct matter *matter;
    const struct rules_action *action;
    struct act_fact *facts;
    size_t count;
};

static const char *const credit_codes[] = {"91230500MA1B3N1N2M", "91420000177570439L",
                                           "91440300708461136T", "91350100M000100Y43",
                                           "91110000802100433B", "11230500001755309F"};
static const char *const words[] = {"关于工程招标文件的核查", "一期施工项目", "评标过程中的情况",
                                    "按规定办理", "材料已核对"};

#define PICK(w, list) (list)[walk_below(w, sizeof(list) / sizeof((list)[0]))]

/* As long as the fact asks for at least. */
static const char *enter_words(const struct entering *e, const struct rules_fact *fact)
{
    struct buffer text;
    buffer_init(&text, e->ctx->arena);
    do {
        buffer_text(&text, PICK(e->w, words));
    } while ((int64_t)text_length(text.data) < fact->min);
    const char *end = text.data;
    for (int64_t i = 0; *end != 0 && (fact->max == 0 || i < fact->max); i++) {
        (void)text_next(&end);
    }
    return arena_bytes(e->ctx->arena, text.data, (size_t)(end - text.data));
}

static const char *enter_day(const struct entering *e, const struct rules_fact *fact)
{
    char text[MINUTE_TEXT];
    int32_t today = date_of_ms(e->w->now_ms);
    bool dates = e->action->dated_by == fact;
    /* What dates an action lies in the past, but not before the step before it. */
    int32_t offset = dates ? 0 : (int32_t)walk_below(e->w, 60) - 5;
    if (fact->type == FACT_DATE) {
        date_format(today + offset, text);
    } else {
        minute_format(e->w->now_ms + (int64_t)offset * 24 * 3600 * 1000, text);
    }
    return arena_text(e->ctx->arena, text);
}

static const char *enter_number(const struct entering *e, const struct rules_fact *fact)
{
    int64_t most = fact->max == 0 ? fact->min + 100 : fact->max;
    int64_t number = fact->min + (int64_t)walk_below(e->w, (uint64_t)(most - fact->min) + 1);
    return arena_printf(e->ctx->arena, "%lld%s", (long long)number,
                        fact->type == FACT_MONEY && number < most ? ".5" : "");
}

/* Mostly a value with which the action may go on. */
static const char *wanted_value(const struct entering *e, const struct rules_fact *fact)
{
    for (size_t i = 0; i < e->action->when_count; i++) {
        const struct rules_condition *condition = &e->action->when[i];
        if (condition->kind == CONDITION_IS && condition->fact == fact && walk_chance(e->w, 85)) {
            return condition->values[walk_below(e->w, condition->values_count)];
        }
    }
    return NULL;
}

static const char *enter_term(const struct entering *e, const struct rules_fact *fact)
{
    const char *wanted = wanted_value(e, fact);
    size_t count = fact->vocabulary->terms_count;
    return wanted != NULL ? wanted : fact->vocabulary->terms[walk_below(e->w, count)].code;
}

static const char *enter_terms(const struct entering *e, const struct rules_fact *fact)
{
    const struct rules_vocabulary *v = fact->vocabulary;
    size_t first = walk_below(e->w, v->terms_count);
    size_t second = walk_below(e->w, v->terms_count);
    return first == second
               ? v->terms[first].code
               : arena_printf(e->ctx->arena, "%s,%s", v->terms[first].code, v->terms[second].code);
}

/* The term of another fact, entered just now or before. */
static const char *value_of(const struct entering *e, const struct rules_fact *fact)
{
    for (size_t i = 0; i < e->count; i++) {
        if (strcmp(e->facts[i].code, fact->code) == 0) {
            return e->facts[i].value;
        }
    }
    return e->matter == NULL ? NULL : e->matter->facts[fact->index].value;
}

static uint32_t kinds_of(const struct entering *e, const struct rules_fact *fact)
{
    uint32_t kinds = fact->kinds != 0 ? fact->kinds : ~(1u << ORG_PUBLIC);
    const char *value = fact->kinds_by == NULL ? NULL : value_of(e, fact->kinds_by);
    const struct rules_term *term =
        value == NULL ? NULL : rules_term(fact->kinds_by->vocabulary, value);
    kinds &= term == NULL || term->kinds == 0 ? ~0u : term->kinds;
    return kinds & ~(1u << ORG_PUBLIC);
}

static const char *enter_body(const struct entering *e, const struct rules_fact *fact)
{
    const struct directory *directory = e->w->place.directory;
    const struct org *own = e->ctx->actor->org;
    uint32_t kinds = kinds_of(e, fact);
    bool starters = e->matter == NULL && fact->party != NULL && own != NULL &&
                    (e->action->by & 1u << fact->party->index) != 0;
    if (starters) {
        return own->code;
    }
    size_t start = walk_below(e->w, directory->orgs_count);
    for (size_t i = 0; i < directory->orgs_count; i++) {
        const struct org *org = &directory->orgs[(start + i) % directory->orgs_count];
        if ((kinds & 1u << org->kind) != 0 && org != own) {
            return org->code;
        }
    }
    return "nobody";
}

static const char *enter_bodies(const struct entering *e, const struct rules_fact *fact)
{
    struct buffer text;
    buffer_init(&text, e->ctx->arena);
    int64_t wanted = (fact->min > 2 ? fact->min : 2) + (int64_t)walk_below(e->w, 2);
    for (int64_t i = 0; i < wanted; i++) {
        buffer_printf(&text, "%s%s", i == 0 ? "" : ",", enter_body(e, fact));
    }
    return text.data;
}

struct ticking {
    int64_t region, matter;
    struct buffer text;
};

static enum fault list_ticks(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct ticking *ticking = arg;
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_query(tx, ctx,
                  "SELECT id FROM material WHERE region = $1 AND matter = $2 AND listed = 1"
                  " ORDER BY id",
                  SQL_ARGS(sql_int(ticking->region), sql_int(ticking->matter)), &rows);
    while (fault == FAULT_NONE && sql_next(rows)) {
        char id[ID_TEXT];
        id_format(sql_column_int(rows, 0), id);
        buffer_printf(&ticking->text, "%s%s=arrived", ticking->text.count == 0 ? "" : ",", id);
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static const char *enter_ticks(const struct entering *e)
{
    struct ticking ticking = {.region = e->w->place.office.region,
                              .matter = e->matter == NULL ? 0 : e->matter->id};
    buffer_init(&ticking.text, e->ctx->arena);
    enum fault fault = store_read(e->w->place.store, e->ctx, list_ticks, &ticking);
    return fault == FAULT_NONE ? ticking.text.data : "";
}

static const char *enter(const struct entering *e, const struct rules_fact *fact)
{
    switch (fact->type) {
    case FACT_DATE:
    case FACT_MINUTE:
        return enter_day(e, fact);
    case FACT_INTEGER:
    case FACT_MONEY:
        return enter_number(e, fact);
    case FACT_FLAG:
        return wanted_value(e, fact) != NULL ? wanted_value(e, fact)
               : walk_chance(e->w, 70)       ? "true"
                                             : "false";
    case FACT_TERM:
        return enter_term(e, fact);
    case FACT_TERMS:
        return enter_terms(e, fact);
    case FACT_BODY:
        return enter_body(e, fact);
    case FACT_BODIES:
        return enter_bodies(e, fact);
    case FACT_CREDIT_CODE:
        return walk_chance(e->w, 50) ? PICK(e->w, credit_codes)
                                     : walk_credit_code(e->w, e->ctx->arena);
    case FACT_PHONE:
        return "13800000000";
    case FACT_EMAIL:
        return "a@example.com";
    case FACT_TICKS:
        return enter_ticks(e);
    case FACT_PERSON:
        return "张三";
    case FACT_LINE:
    case FACT_TEXT:
    case FACT_TYPES_COUNT:
        break;
    }
    return enter_words(e, fact);
}

static const char *enter_wild(const struct entering *e, const struct rules_fact *fact)
{
    static const char *const nonsense[] = {"",
                                           " ",
                                           "-1",
                                           "2021-02-30",
                                           "nobody",
                                           "true,false",
                                           "99999999999999999999",
                                           "'; DROP TABLE matter; --",
                                           "=,="};
    return walk_chance(e->w, 30) ? PICK(e->w, nonsense) : enter(e, fact);
}

static void add(struct entering *e, const struct rules_fact *fact, bool wild)
{
    if (wild && walk_chance(e->w, 15)) {
        return;
    }
    const char *value = wild ? enter_wild(e, fact) : enter(e, fact);
    e->facts[e->count++] = (struct act_fact){.code = fact->code, .value = value};
}

/* Facts of the fact list in its order: what others depend on comes before them. */
static bool listed(const struct rules_fact *const *facts, size_t count,
                   const struct rules_fact *fact)
{
    for (size_t i = 0; i < count; i++) {
        if (facts[i] == fact) {
            return true;
        }
    }
    return false;
}

/* Does a condition or a clock's day ask for a fact that the action may take? */
static bool asked(const struct entering *e, const struct rules_fact *fact)
{
    for (size_t i = 0; i < e->action->when_count; i++) {
        if (e->action->when[i].fact == fact) {
            return true;
        }
    }
    return e->action->dated_by == fact;
}

static int64_t bring_file(struct entering *e)
{
    struct new_upload upload = {.region = e->w->place.office.region,
                                .name = "a.txt",
                                .media_type = "text/plain",
                                .bytes = 1};
    digest_of("a", 1, &upload.digest);
    enum fault fault = store_write(e->w->place.store, e->ctx, matter_upload_add, &upload);
    return fault == FAULT_NONE ? upload.ret_id : 0;
}

static void bring_files(struct entering *e, bool wild, struct act_input *input)
{
    unsigned percent = e->action->materials == MATERIALS_REQUIRED   ? 100
                       : e->action->materials == MATERIALS_OPTIONAL ? 30
                                                                    : 0;
    if (walk_chance(e->w, wild ? percent / 2 : percent)) {
        int64_t *uploads = arena_array(e->ctx->arena, 2, sizeof *uploads);
        input->uploads_count = 1 + walk_below(e->w, 2);
        for (size_t i = 0; i < input->uploads_count; i++) {
            uploads[i] = bring_file(e);
        }
        input->uploads = uploads;
    }
}

void walk_facts(struct walking *w, struct ctx *ctx, const struct rules_procedure *procedure,
                const struct matter *matter, const struct rules_action *action, bool wild,
                struct act_input *input)
{
    struct entering e = {
        .w = w, .ctx = ctx, .procedure = procedure, .matter = matter, .action = action};
    e.facts = arena_array(ctx->arena, procedure->facts_count + 1, sizeof *e.facts);
    for (size_t i = 0; i < procedure->facts_count; i++) {
        const struct rules_fact *fact = &procedure->facts[i];
        bool needed = listed(action->needs, action->needs_count, fact);
        bool taken = listed(action->takes, action->takes_count, fact);
        if (needed || (taken && walk_chance(w, asked(&e, fact) ? 80 : 40))) {
            add(&e, fact, wild);
        }
    }
    input->facts = e.facts;
    input->facts_count = e.count;
    bring_files(&e, wild, input);
}

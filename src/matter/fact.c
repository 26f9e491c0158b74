/* The facts of an action: checked against the rulebook, applied, and written where they belong. */
#include "calendar/date.h"
#include "matter/record.h"
#include "store/query.h"

#include <string.h>

static bool blank(const char *value)
{
    return value == NULL || value[strspn(value, " \t\r\n")] == 0;
}

static void set_value(struct performing *p, const struct rules_fact *fact, const char *canonical)
{
    struct fact_value *value = &p->matter->facts[fact->index];
    bool same = value->set && value->value != NULL && canonical != NULL &&
                strcmp(value->value, canonical) == 0;
    if (same || (canonical == NULL && !value->set)) {
        return;
    }
    *value = (struct fact_value){.set = canonical != NULL,
                                 .value = canonical,
                                 .action = p->action->code,
                                 .set_ms = p->ctx->now_ms};
    p->changed_facts |= 1ull << fact->index;
}

static bool form_fits(const struct rules_fact *fact, enum act_form form)
{
    static const enum act_form forms[FACT_TYPES_COUNT] = {[FACT_FLAG] = FORM_FLAG,
                                                          [FACT_INTEGER] = FORM_NUMBER,
                                                          [FACT_TERMS] = FORM_LIST,
                                                          [FACT_BODIES] = FORM_LIST,
                                                          [FACT_TICKS] = FORM_OBJECT};
    enum act_form wanted = forms[fact->type] == FORM_ANY ? FORM_TEXT : forms[fact->type];
    return form == FORM_ANY || form == wanted;
}

static enum fault apply_one(struct performing *p, const struct act_fact *given)
{
    const char *path = arena_printf(p->ctx->arena, "facts.%s", given->code);
    const struct rules_fact *fact = rules_fact(p->matter->procedure, given->code);
    if (fact == NULL || (!p->by_effect && !rules_asks(p->action, fact))) {
        return ctx_field(p->ctx, path, "This field does not belong here.", "此处没有这个字段。");
    }
    if (given->value != NULL && !form_fits(fact, given->form)) {
        return ctx_field(p->ctx, path, "A value of this kind is not possible here.",
                         "此处不能使用这种类型的值。");
    }
    if (blank(given->value)) {
        set_value(p, fact, NULL);
        return FAULT_NONE;
    }
    const char *canonical = NULL;
    enum fault fault = rules_fact_check(p->ctx, fact, path, given->value, &canonical);
    if (fault == FAULT_NONE) {
        set_value(p, fact, canonical);
    }
    return fault;
}

static enum fault check_needs(struct performing *p)
{
    enum fault fault = FAULT_NONE;
    for (size_t i = 0; i < p->action->needs_count; i++) {
        const struct rules_fact *fact = p->action->needs[i];
        if (p->matter->facts[fact->index].set) {
            continue;
        }
        const char *path = arena_printf(p->ctx->arena, "facts.%s", fact->code);
        const char *label_en = fact->label.en;
        const char *label_zh = fact->label.zh;
        fault = ctx_field(p->ctx, path, "%s is missing.", "请填写%s。",
                          p->ctx->lang == LANG_EN ? label_en : label_zh);
    }
    return fault;
}

/*
 * When the action really happened: by its dating fact, else now. Never before what it follows, even
 * where the server's clock was put back, or the day alone is told: a pause would end before it
 * began. What the program does when a clock runs out brings its own moment.
 */
static enum fault date_action(struct performing *p)
{
    const struct rules_fact *fact = p->action->dated_by;
    int64_t last_ms = p->from == NULL ? 0 : p->matter->happened_ms;
    int64_t now_ms = p->ctx->now_ms > last_ms ? p->ctx->now_ms : last_ms;
    p->happened_ms = p->expired_ms != 0 ? p->expired_ms : now_ms;
    if (fact == NULL || (p->changed_facts & 1ull << fact->index) == 0 ||
        !p->matter->facts[fact->index].set) {
        return FAULT_NONE;
    }
    const char *path = arena_printf(p->ctx->arena, "facts.%s", fact->code);
    const char *value = p->matter->facts[fact->index].value;
    int32_t date = 0;
    int64_t moment = 0;
    if (fact->type == FACT_MINUTE ? !minute_parse(value, &moment) : !date_parse(value, &date)) {
        return ctx_field(p->ctx, path, "This is not a date.", "日期格式不正确。");
    }
    moment = fact->type == FACT_MINUTE ? moment : date_start_ms(date);
    /* A day is compared as a day, a minute as a minute. */
    bool before =
        fact->type == FACT_MINUTE ? moment < last_ms - last_ms % 60000 : date < date_of_ms(last_ms);
    if (moment > now_ms) {
        return ctx_field(p->ctx, path, "This lies in the future.", "时间不能晚于现在。");
    }
    if (before) {
        return ctx_field(p->ctx, path, "This lies before the step before it.",
                         "时间不能早于上一环节。");
    }
    p->happened_ms = moment > last_ms ? moment : last_ms;
    return FAULT_NONE;
}

enum fault facts_apply(struct performing *p)
{
    enum fault fault = FAULT_NONE;
    for (size_t i = 0; i < p->facts_count; i++) {
        enum fault wrong = apply_one(p, &p->facts[i]);
        fault = fault == FAULT_NONE ? wrong : fault;
    }
    enum fault dated = fault == FAULT_NONE ? date_action(p) : fault;
    enum fault parts = parties_fill(p);
    enum fault needs = check_needs(p);
    fault = fault == FAULT_NONE ? dated : fault;
    fault = fault == FAULT_NONE ? parts : fault;
    return fault == FAULT_NONE ? needs : fault;
}

static enum fault remove_value(struct performing *p, const char *statement, const char *code)
{
    return sql_run(p->tx, p->ctx, statement,
                   SQL_ARGS(sql_int(p->office->region), sql_int(p->matter->id), sql_text(code)),
                   NULL);
}

/* The rows of one statement: four values are the same in all of them, two are each row's own. */
enum { ROWS_MAX = (QUERY_ARGS - 4) / 2 };

struct fact_rows {
    struct query query;
    unsigned count;
};

static void begin_rows(struct performing *p, struct fact_rows *rows)
{
    query_init(&rows->query, p->ctx->arena);
    query_add(&rows->query,
              "INSERT INTO fact (region, matter, action, set_ms, code, value) VALUES");
    (void)query_number(&rows->query, sql_int(p->office->region));
    (void)query_number(&rows->query, sql_int(p->matter->id));
    (void)query_number(&rows->query, sql_text(p->action->code));
    (void)query_number(&rows->query, sql_int(p->ctx->now_ms));
    rows->count = 0;
}

static enum fault finish_rows(struct performing *p, struct fact_rows *rows)
{
    if (rows->count == 0) {
        return FAULT_NONE;
    }
    query_add(&rows->query, " ON CONFLICT (region, matter, code) DO UPDATE SET"
                            " value = excluded.value, action = excluded.action,"
                            " set_ms = excluded.set_ms");
    return query_finish(&rows->query, p->ctx, p->tx);
}

static enum fault add_row(struct performing *p, struct fact_rows *rows,
                          const struct rules_fact *fact, const char *value)
{
    enum fault fault = FAULT_NONE;
    if (rows->count == ROWS_MAX) {
        fault = finish_rows(p, rows);
        begin_rows(p, rows);
    }
    query_add(&rows->query, rows->count++ == 0 ? " ($1, $2, $3, $4, " : ", ($1, $2, $3, $4, ");
    query_value(&rows->query, sql_text(fact->code));
    query_add(&rows->query, ", ");
    query_value(&rows->query, sql_text(value));
    query_add(&rows->query, ")");
    return fault;
}

static enum fault save_open(struct performing *p, struct fact_rows *rows,
                            const struct rules_fact *fact)
{
    const char *value = p->matter->facts[fact->index].value;
    json_key(&p->body.facts_json, fact->code);
    json_text(&p->body.facts_json, value);
    return value != NULL
               ? add_row(p, rows, fact, value)
               : remove_value(p, "DELETE FROM fact WHERE region = $1 AND matter = $2 AND code = $3",
                              fact->code);
}

static enum fault save_hidden(struct performing *p, const struct rules_fact *fact)
{
    const struct fact_value *value = &p->matter->facts[fact->index];
    if (!value->set) {
        /* Without this the events would not tell what the matter holds. */
        json_key(&p->body.facts_json, fact->code);
        json_none(&p->body.facts_json);
        return remove_value(p, "DELETE FROM vault WHERE region = $1 AND matter = $2 AND code = $3",
                            fact->code);
    }
    /* The event says that it was set, never what it says. */
    json_key(&p->body.facts_json, fact->code);
    json_bool(&p->body.facts_json, true);
    return vault_put(p, fact, value->value);
}

enum fault facts_save(struct performing *p)
{
    enum fault fault = FAULT_NONE;
    struct fact_rows rows;
    begin_rows(p, &rows);
    for (size_t i = 0; i < p->matter->procedure->facts_count && fault == FAULT_NONE; i++) {
        const struct rules_fact *fact = &p->matter->procedure->facts[i];
        if ((p->changed_facts & 1ull << i) != 0) {
            fault =
                fact->secrecy == SECRECY_OPEN ? save_open(p, &rows, fact) : save_hidden(p, fact);
        }
    }
    return fault == FAULT_NONE ? finish_rows(p, &rows) : fault;
}

uint64_t facts_set(const struct matter *matter)
{
    uint64_t mask = 0;
    for (size_t i = 0; i < matter->procedure->facts_count; i++) {
        mask |= matter->facts[i].set ? 1ull << i : 0;
    }
    return mask;
}

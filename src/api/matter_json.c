/* A matter as JSON (docs/api.md, MATTER). */
#include "api/reply.h"
#include "base/id.h"
#include "base/text.h"
#include "calendar/date.h"

static void put_texts(struct json_writer *json, const char *key, const char *const *texts,
                      size_t count)
{
    json_key(json, key);
    json_list(json);
    for (size_t i = 0; i < count; i++) {
        json_text(json, texts[i]);
    }
    json_end(json);
}

static void put_label_or_null(struct json_writer *json, const char *key, const struct label *label)
{
    if (label->zh == NULL) {
        json_key(json, key);
        json_none(json);
        return;
    }
    json_put_label(json, key, label);
}

/* "extended": by how much, and the day it would have ended on. */
static void put_extension(struct json_writer *json, const struct clock *clock)
{
    char extension[16];
    json_key(json, "extended");
    if (clock->extension.count == 0) {
        json_none(json);
        return;
    }
    span_format(&clock->extension, extension);
    json_open(json);
    put_date(json, "from", clock->first_due_date);
    json_put_text(json, "by", extension);
    json_close(json);
}

void put_clock(struct json_writer *json, const struct view *view, const struct clock *clock)
{
    const struct office *office = view->api->office;
    const struct rules_deadline *rule = clock->rule;
    int64_t now_ms = view->ctx->now_ms;
    char within[16];
    span_format(&clock->within, within);
    bool hours = clock->within.unit == SPAN_HOUR;
    json_open(json);
    put_id(json, "id", clock->id);
    json_put_text(json, "code", rule->code);
    json_put_label(json, "label", &rule->label);
    json_put_text(json, "obligor", clock->obligor);
    json_put_text(json, "within", within);
    json_put_text(json, "strength", strength_code(rule->strength));
    put_texts(json, "articles", rule->articles, rule->articles_count);
    put_label_or_null(json, "local", &rule->local);
    put_time_or_null(json, "from", clock->from_ms);
    put_date(json, "due", clock->due_date);
    put_time_or_null(json, "due_time", clock->due_ms);
    put_extension(json, clock);
    json_put_bool(json, "provisional", clock->provisional);
    json_put_text(json, "light", light_code(clock_light(office, clock, now_ms)));
    json_key(json, "remaining");
    if (clock->ended_ms != 0 || clock->paused_ms != 0) {
        json_none(json);
    } else {
        json_int(json, clock_remaining(office, clock, now_ms));
    }
    json_put_text(json, "unit", hours ? "h" : "wd");
    put_time_or_null(json, "paused", clock->paused_ms);
    put_time_or_null(json, "ended", clock->ended_ms);
    json_close(json);
}

void put_material(struct json_writer *json, const struct material *material)
{
    json_open(json);
    put_id(json, "id", material->id);
    json_put_text(json, "name", material->name);
    json_put_text(json, "media_type", material->media_type);
    json_put_int(json, "bytes", material->bytes);
    json_put_text(json, "sha256", material->sha256);
    json_put_text(json, "sm3", material->sm3);
    put_time_or_null(json, "added", material->added_ms);
    json_put_text(json, "by", material->org);
    json_put_bool(json, "listed", material->listed);
    json_put_text(json, "tick", material->tick);
    json_close(json);
}

enum fault put_materials(struct json_writer *json, const struct view *view)
{
    struct material *materials = NULL;
    size_t count = 0;
    enum fault fault = matter_materials(view->ctx, view->tx, view->matter, &materials, &count);
    json_key(json, "materials");
    json_list(json);
    for (size_t i = 0; i < count; i++) {
        put_material(json, &materials[i]);
    }
    json_end(json);
    return fault;
}

static void put_party(struct json_writer *json, const char *party, const struct org *org)
{
    json_open(json);
    json_put_text(json, "party", party);
    json_put_text(json, "org", org->code);
    json_put_label(json, "label", &org->name);
    json_close(json);
}

static void put_parties(struct json_writer *json, const struct matter *matter)
{
    json_key(json, "parties");
    json_list(json);
    for (size_t i = 0; i < matter->procedure->parties_count; i++) {
        const char *party = matter->procedure->parties[i].code;
        if (matter->parties[i] != NULL) {
            put_party(json, party, matter->parties[i]);
        }
        for (size_t k = 0; k < matter->members[i].count; k++) {
            put_party(json, party, matter->members[i].orgs[k]);
        }
    }
    json_end(json);
}

static void put_facts(struct json_writer *json, const struct matter *matter)
{
    json_key(json, "facts");
    json_list(json);
    for (size_t i = 0; i < matter->procedure->facts_count; i++) {
        const struct rules_fact *fact = &matter->procedure->facts[i];
        const struct fact_value *value = &matter->facts[i];
        if (!value->set) {
            continue;
        }
        json_open(json);
        json_put_text(json, "code", fact->code);
        if (value->hidden) {
            json_put_bool(json, "hidden", true);
        } else {
            json_key(json, "value");
            put_fact_value(json, fact, value->value);
        }
        json_put_text(json, "action", value->action);
        put_time_or_null(json, "time", value->set_ms);
        json_close(json);
    }
    json_end(json);
}

static void put_clocks(struct json_writer *json, const struct view *view)
{
    json_key(json, "clocks");
    json_list(json);
    for (size_t i = 0; i < view->matter->clocks_count; i++) {
        put_clock(json, view, &view->matter->clocks[i]);
    }
    json_end(json);
}

static void put_link(struct json_writer *json, const struct view *view, const struct sql_rows *rows)
{
    int64_t id = sql_column_int(rows, 0);
    const char *code = sql_column_text(rows, 2);
    const struct rulebook *book = office_edition(view->api->office, sql_column_text(rows, 5));
    const struct rules_procedure *procedure = book == NULL ? NULL : rules_procedure(book, code);
    const struct rules_state *state =
        procedure == NULL ? NULL : rules_state(procedure, sql_column_text(rows, 4));
    json_open(json);
    json_put_text(json, "relation", id == view->matter->parent ? "parent" : "child");
    put_id(json, "id", id);
    json_put_text(json, "reference", sql_column_text(rows, 1));
    json_put_text(json, "procedure", code);
    json_put_text(json, "title", sql_column_text(rows, 3));
    json_put_text(json, "state", sql_column_text(rows, 4));
    if (state != NULL) {
        json_put_label(json, "label", &state->label);
    }
    json_close(json);
}

/* Only links to matters that the reader may see. */
static enum fault put_links(struct json_writer *json, const struct view *view)
{
    struct query query;
    query_init(&query, view->ctx->arena);
    query_add(&query, "SELECT m.id, m.reference, m.procedure, m.title, m.state, m.edition");
    people_visible_from(view->ctx->actor, &query);
    /* Ids first: with OR, SQLite reads every matter of the region. */
    query_add(&query, " AND m.id IN (SELECT c.id FROM matter c WHERE c.region = ");
    query_value(&query, sql_int(view->ctx->actor->region));
    query_add(&query, " AND c.parent = ");
    query_value(&query, sql_int(view->matter->id));
    query_add(&query, " UNION ALL SELECT CAST(");
    query_value(&query, sql_int(view->matter->parent));
    query_add(&query, " AS BIGINT)) ORDER BY m.id LIMIT 100");
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = query_run(&query, view->ctx, view->tx, &rows);
    json_key(json, "links");
    json_list(json);
    while (fault == FAULT_NONE && sql_next(rows)) {
        put_link(json, view, rows);
    }
    json_end(json);
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static const char *materials_code(enum materials_need need)
{
    static const char *const codes[] = {"none", "optional", "required"};
    return codes[need];
}

static void put_action(struct json_writer *json, const struct matter *matter,
                       const struct rules_action *action, bool only_draft)
{
    json_open(json);
    json_put_text(json, "code", action->code);
    json_put_label(json, "label", &action->label);
    put_label_or_null(json, "help", &action->help);
    json_put_text(json, "to", action->to == NULL ? NULL : action->to->code);
    put_texts(json, "articles", action->articles, action->articles_count);
    put_label_or_null(json, "local", &action->local);
    json_put_text(json, "materials", materials_code(action->materials));
    put_action_paper(json, action);
    rules_json_only(json, action);
    if (only_draft) {
        json_put_bool(json, "only_draft", true);
    }
    json_key(json, "form");
    put_form(json, matter->procedure, action, matter);
    json_close(json);
}

enum fault put_actions(struct json_writer *json, const struct view *view)
{
    uint64_t offers = 0;
    enum fault fault = matter_offers(view->ctx, view->tx, view->api->office, view->matter, &offers);
    uint64_t drafts = matter_draftable(view->ctx, view->tx, view->api->office, view->matter);
    json_key(json, "actions");
    json_list(json);
    for (size_t i = 0; i < view->matter->procedure->actions_count; i++) {
        if (((offers | drafts) & 1ull << i) != 0) {
            put_action(json, view->matter, &view->matter->procedure->actions[i],
                       (offers & 1ull << i) == 0);
        }
    }
    json_end(json);
    return fault;
}

static enum fault put_receipt_time(struct json_writer *json, const struct view *view)
{
    struct receipt receipt;
    enum fault fault = matter_receipt(view->ctx, view->tx, view->matter, &receipt);
    json_key(json, "receipt");
    if (fault == FAULT_NONE) {
        json_open(json);
        json_put_time(json, "time", receipt.made_ms);
        json_close(json);
    } else {
        json_none(json);
    }
    return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
}

static enum fault put_sealed(struct json_writer *json, const struct view *view)
{
    bool sealed = false;
    for (size_t i = 0; i < view->matter->procedure->facts_count; i++) {
        bool hidden = view->matter->facts[i].set &&
                      view->matter->procedure->facts[i].secrecy == SECRECY_SEALED;
        sealed = sealed || hidden;
    }
    if (!sealed) {
        return FAULT_NONE;
    }
    int64_t until_ms = 0;
    enum fault fault = matter_unsealed_until(view->ctx, view->tx, view->matter, &until_ms);
    json_put_bool(json, "sealed", true);
    put_time_or_null(json, "unsealed_until", until_ms);
    return fault;
}

static void put_head(struct json_writer *json, const struct matter *matter)
{
    put_id(json, "id", matter->id);
    json_put_text(json, "reference", matter->reference);
    json_put_text(json, "title", matter->title);
    json_put_text(json, "procedure", matter->procedure->code);
    json_put_text(json, "edition", matter->edition);
    json_put_text(json, "state", matter->state->code);
    json_put_bool(json, "final", matter->state->final);
    json_put_int(json, "version", matter->version);
    json_put_text(json, "holder", matter->holder);
    json_put_time(json, "created", matter->created_ms);
    json_put_time(json, "updated", matter->updated_ms);
}

enum fault put_matter(struct json_writer *json, const struct view *view)
{
    json_open(json);
    put_head(json, view->matter);
    if (view->code != NULL) {
        json_put_text(json, "code", view->code);
    }
    put_parties(json, view->matter);
    put_facts(json, view->matter);
    put_clocks(json, view);
    enum fault fault = put_materials(json, view);
    if (fault == FAULT_NONE) {
        fault = put_links(json, view);
    }
    if (fault == FAULT_NONE) {
        fault = put_actions(json, view);
    }
    if (fault == FAULT_NONE) {
        fault = put_papers(json, view);
    }
    if (fault == FAULT_NONE) {
        fault = put_receipt_time(json, view);
    }
    if (fault == FAULT_NONE) {
        fault = put_sealed(json, view);
    }
    json_close(json);
    return fault;
}

/* The rulebook for pages and programs (docs/api.md, "What the rulebook says"). */
#include "calendar/date.h"
#include "rules/paper.h"
#include "rules/rules.h"

static void put_label_or_null(struct json_writer *json, const char *key, const struct label *label)
{
    if (label->zh != NULL) {
        json_put_label(json, key, label);
        return;
    }
    json_key(json, key);
    json_none(json);
}

static void put_words(struct json_writer *json, const char *key, const char *const *words,
                      size_t count)
{
    json_key(json, key);
    json_list(json);
    for (size_t i = 0; i < count; i++) {
        json_text(json, words[i]);
    }
    json_end(json);
}

static void put_kinds(struct json_writer *json, uint32_t kinds)
{
    json_key(json, "kinds");
    json_list(json);
    for (unsigned i = 0; i < ORG_KINDS_COUNT; i++) {
        if ((kinds & 1u << i) != 0) {
            json_text(json, org_kind_code((enum org_kind)i));
        }
    }
    json_end(json);
}

static void put_parties(struct json_writer *json, const struct rules_procedure *p)
{
    json_key(json, "parties");
    json_list(json);
    for (size_t i = 0; i < p->parties_count; i++) {
        json_open(json);
        json_put_text(json, "code", p->parties[i].code);
        json_put_label(json, "label", &p->parties[i].label);
        put_kinds(json, p->parties[i].kinds);
        json_put_bool(json, "many", p->parties[i].many);
        json_close(json);
    }
    json_end(json);
}

static void put_fact(struct json_writer *json, const struct rules_fact *fact)
{
    static const char *const secrecies[] = {"open", "restricted", "sealed"};
    json_open(json);
    json_put_text(json, "code", fact->code);
    json_put_label(json, "label", &fact->label);
    put_label_or_null(json, "help", &fact->help);
    json_put_text(json, "type", fact_type_code(fact->type));
    json_put_text(json, "vocabulary", fact->vocabulary == NULL ? NULL : fact->vocabulary->code);
    json_put_text(json, "kinds_by", fact->kinds_by == NULL ? NULL : fact->kinds_by->code);
    json_put_text(json, "party", fact->party == NULL ? NULL : fact->party->code);
    json_put_int(json, "min", fact->min);
    json_put_int(json, "max", fact->max);
    json_put_text(json, "secrecy", secrecies[fact->secrecy]);
    put_kinds(json, fact->kinds);
    json_close(json);
}

static void put_states(struct json_writer *json, const struct rules_procedure *p)
{
    json_key(json, "states");
    json_list(json);
    for (size_t i = 0; i < p->states_count; i++) {
        const struct rules_state *state = &p->states[i];
        json_open(json);
        json_put_text(json, "code", state->code);
        json_put_label(json, "label", &state->label);
        json_put_bool(json, "final", state->final);
        json_put_text(json, "holder", state->holder == NULL ? NULL : state->holder->code);
        json_put_int(json, "step", state->step);
        put_label_or_null(json, "reason", &state->reason);
        json_close(json);
    }
    json_end(json);
}

static void put_fact_codes(struct json_writer *json, const char *key,
                           const struct rules_fact *const *facts, size_t count)
{
    json_key(json, key);
    json_list(json);
    for (size_t i = 0; i < count; i++) {
        json_text(json, facts[i]->code);
    }
    json_end(json);
}

void rules_json_paper(struct json_writer *json, const struct rules_action *action)
{
    const struct rules_paper *paper = action->paper;
    json_key(json, "paper");
    if (paper == NULL) {
        json_none(json);
        return;
    }
    json_open(json);
    json_put_text(json, "code", paper->code);
    json_put_label(json, "label", &paper->label);
    json_put_text(json, "format", paper_format_code(paper->format));
    json_close(json);
}

static void put_action(struct json_writer *json, const struct rules_procedure *p,
                       const struct rules_action *action)
{
    static const char *const materials[] = {"none", "optional", "required"};
    json_open(json);
    json_put_text(json, "code", action->code);
    json_put_label(json, "label", &action->label);
    put_label_or_null(json, "help", &action->help);
    json_put_bool(json, "starts", action->starts);
    json_put_bool(json, "system", action->by_system);
    json_put_text(json, "to", action->to == NULL ? NULL : action->to->code);
    json_put_text(json, "materials", materials[action->materials]);
    put_words(json, "articles", action->articles, action->articles_count);
    put_label_or_null(json, "local", &action->local);
    put_fact_codes(json, "needs", action->needs, action->needs_count);
    put_fact_codes(json, "takes", action->takes, action->takes_count);
    rules_json_paper(json, action);
    rules_json_only(json, action);
    json_key(json, "from");
    json_list(json);
    for (size_t i = 0; i < p->states_count; i++) {
        if ((action->from & 1ull << i) != 0) {
            json_text(json, p->states[i].code);
        }
    }
    json_end(json);
    json_key(json, "by");
    json_list(json);
    for (size_t i = 0; i < p->parties_count; i++) {
        if ((action->by & 1u << i) != 0) {
            json_text(json, p->parties[i].code);
        }
    }
    json_end(json);
    json_key(json, "roles");
    json_list(json);
    for (unsigned i = 0; i < ROLES_COUNT; i++) {
        if ((action->roles & 1u << i) != 0) {
            json_text(json, role_code((enum role)i));
        }
    }
    json_end(json);
    json_close(json);
}

static void put_met_by(struct json_writer *json, const struct rules_procedure *procedure,
                       const struct rules_deadline *deadline)
{
    json_key(json, "met_by");
    json_list(json);
    for (size_t i = 0; i < procedure->actions_count; i++) {
        if ((deadline->met_by & 1ull << i) != 0) {
            json_text(json, procedure->actions[i].code);
        }
    }
    json_end(json);
}

static void put_deadline(struct json_writer *json, const struct rules_procedure *procedure,
                         const struct rules_deadline *deadline)
{
    char within[16];
    span_format(&deadline->within, within);
    json_open(json);
    json_put_text(json, "code", deadline->code);
    json_put_label(json, "label", &deadline->label);
    json_put_text(json, "obligor", deadline->obligor->code);
    json_put_text(json, "within", within);
    json_put_text(json, "until", deadline->until == NULL ? NULL : deadline->until->code);
    char extension[16];
    span_format(&deadline->extension, extension);
    json_put_text(json, "extension", deadline->extension.count == 0 ? NULL : extension);
    json_put_text(json, "on_expiry",
                  deadline->on_expiry == NULL ? NULL : deadline->on_expiry->code);
    json_put_text(json, "strength", strength_code(deadline->strength));
    put_words(json, "articles", deadline->articles, deadline->articles_count);
    put_label_or_null(json, "local", &deadline->local);
    put_met_by(json, procedure, deadline);
    json_close(json);
}

static void put_procedure(struct json_writer *json, const struct rules_procedure *p)
{
    json_open(json);
    json_put_text(json, "code", p->code);
    json_put_label(json, "label", &p->label);
    json_put_label(json, "purpose", &p->purpose);
    json_put_text(json, "prefix", p->prefix);
    json_put_bool(json, "portal", p->portal);
    put_words(json, "articles", p->articles, p->articles_count);
    json_key(json, "steps");
    json_list(json);
    for (size_t i = 0; i < p->steps_count; i++) {
        json_open(json);
        json_put_text(json, "zh", p->steps[i].zh);
        json_put_text(json, "en", p->steps[i].en);
        json_close(json);
    }
    json_end(json);
    put_parties(json, p);
    json_key(json, "facts");
    json_list(json);
    for (size_t i = 0; i < p->facts_count; i++) {
        put_fact(json, &p->facts[i]);
    }
    json_end(json);
    put_states(json, p);
    json_key(json, "actions");
    json_list(json);
    for (size_t i = 0; i < p->actions_count; i++) {
        put_action(json, p, &p->actions[i]);
    }
    json_end(json);
    json_key(json, "deadlines");
    json_list(json);
    for (size_t i = 0; i < p->deadlines_count; i++) {
        put_deadline(json, p, &p->deadlines[i]);
    }
    json_end(json);
    json_close(json);
}

static void put_papers(struct json_writer *json, const struct rulebook *book)
{
    json_key(json, "papers");
    json_list(json);
    for (size_t i = 0; i < book->papers_count; i++) {
        const struct rules_paper *paper = &book->papers[i];
        json_open(json);
        json_put_text(json, "code", paper->code);
        json_put_label(json, "label", &paper->label);
        json_put_text(json, "procedure", paper->procedure->code);
        json_put_text(json, "issuer", paper->issuer->code);
        json_put_text(json, "format", paper_format_code(paper->format));
        json_put_text(json, "word", paper->word);
        put_words(json, "articles", paper->articles, paper->articles_count);
        put_label_or_null(json, "local", &paper->local);
        json_close(json);
    }
    json_end(json);
}

static void put_vocabularies(struct json_writer *json, const struct rulebook *book)
{
    json_key(json, "vocabularies");
    json_list(json);
    for (size_t i = 0; i < book->vocabularies_count; i++) {
        const struct rules_vocabulary *v = &book->vocabularies[i];
        json_open(json);
        json_put_text(json, "code", v->code);
        json_put_label(json, "label", &v->label);
        json_key(json, "terms");
        json_list(json);
        for (size_t k = 0; k < v->terms_count; k++) {
            json_open(json);
            json_put_text(json, "code", v->terms[k].code);
            json_put_label(json, "label", &v->terms[k].label);
            put_kinds(json, v->terms[k].kinds);
            json_put_text(json, "article", v->terms[k].article);
            json_close(json);
        }
        json_end(json);
        json_close(json);
    }
    json_end(json);
}

static void put_articles(struct json_writer *json, const struct rulebook *book)
{
    json_key(json, "articles");
    json_list(json);
    for (size_t i = 0; i < book->articles_count; i++) {
        json_open(json);
        json_put_text(json, "number", book->articles[i].number);
        json_put_label(json, "requires", &book->articles[i].requires);
        put_label_or_null(json, "carried", &book->articles[i].carried);
        put_label_or_null(json, "pending", &book->articles[i].pending);
        json_close(json);
    }
    json_end(json);
    json_key(json, "settings");
    json_list(json);
    for (size_t i = 0; i < book->settings_count; i++) {
        json_open(json);
        json_put_text(json, "code", book->settings[i].code);
        json_put_label(json, "label", &book->settings[i].label);
        json_put_label(json, "why", &book->settings[i].why);
        json_put_text(json, "value", book->settings[i].value);
        json_close(json);
    }
    json_end(json);
}

static void put_words_of_code(struct json_writer *json)
{
    json_key(json, "org_kinds");
    json_list(json);
    for (unsigned i = 0; i < ORG_KINDS_COUNT; i++) {
        json_open(json);
        json_put_text(json, "code", org_kind_code((enum org_kind)i));
        json_put_label(json, "label", org_kind_label((enum org_kind)i));
        json_close(json);
    }
    json_end(json);
    json_key(json, "roles");
    json_list(json);
    for (unsigned i = 0; i < ROLES_COUNT; i++) {
        json_open(json);
        json_put_text(json, "code", role_code((enum role)i));
        json_put_label(json, "label", role_label((enum role)i));
        json_close(json);
    }
    json_end(json);
}

void rules_json(const struct rulebook *book, struct json_writer *json)
{
    char day[DATE_TEXT];
    date_format(book->in_force_from, day);
    json_open(json);
    json_put_text(json, "code", book->code);
    json_put_label(json, "title", &book->title);
    json_put_text(json, "document_number", book->document_number);
    json_put_text(json, "in_force_from", day);
    json_put_int(json, "region", book->region);
    json_put_text(json, "edition", book->edition);
    put_words_of_code(json);
    put_articles(json, book);
    put_vocabularies(json, book);
    json_key(json, "procedures");
    json_list(json);
    for (size_t i = 0; i < book->procedures_count; i++) {
        put_procedure(json, &book->procedures[i]);
    }
    json_end(json);
    put_papers(json, book);
    json_close(json);
}

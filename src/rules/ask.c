/* Looking things up by code. */
#include "rules/inner.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Each list is searched the same way: short, in memory, by name. */
#define FIND(list, count, wanted)                                                                  \
    for (size_t i = 0; (wanted) != NULL && i < (count); i++) {                                     \
        if (strcmp((list)[i].code, (wanted)) == 0) {                                               \
            return &(list)[i];                                                                     \
        }                                                                                          \
    }                                                                                              \
    return NULL

const struct rules_procedure *rules_procedure(const struct rulebook *book, const char *code)
{
    FIND(book->procedures, book->procedures_count, code);
}

const struct rules_action *rules_action(const struct rules_procedure *procedure, const char *code)
{
    FIND(procedure->actions, procedure->actions_count, code);
}

const struct rules_state *rules_state(const struct rules_procedure *procedure, const char *code)
{
    FIND(procedure->states, procedure->states_count, code);
}

const struct rules_fact *rules_fact(const struct rules_procedure *procedure, const char *code)
{
    FIND(procedure->facts, procedure->facts_count, code);
}

const struct rules_party *rules_party(const struct rules_procedure *procedure, const char *code)
{
    FIND(procedure->parties, procedure->parties_count, code);
}

const struct rules_deadline *rules_deadline(const struct rules_procedure *procedure,
                                            const char *code)
{
    FIND(procedure->deadlines, procedure->deadlines_count, code);
}

const struct rules_vocabulary *rules_vocabulary(const struct rulebook *book, const char *code)
{
    FIND(book->vocabularies, book->vocabularies_count, code);
}

const struct rules_term *rules_term(const struct rules_vocabulary *vocabulary, const char *code)
{
    FIND(vocabulary->terms, vocabulary->terms_count, code);
}

const struct rules_setting *rules_setting(const struct rulebook *book, const char *code)
{
    FIND(book->settings, book->settings_count, code);
}

static const struct {
    const char *code;
    struct label label;
} org_kinds[] = {
#define ORG_KIND(CODE, code, zh, en) {#code, {zh, en}},
#include "rules/tbl/org_kind.h"
#undef ORG_KIND
};

static const struct {
    const char *code;
    struct label label;
} roles[] = {
#define ROLE(CODE, code, zh, en) {#code, {zh, en}},
#include "rules/tbl/role.h"
#undef ROLE
};

bool org_kind_parse(const char *code, enum org_kind *ret_kind)
{
    for (unsigned i = 0; i < ORG_KINDS_COUNT; i++) {
        if (strcmp(org_kinds[i].code, code) == 0) {
            *ret_kind = (enum org_kind)i;
            return true;
        }
    }
    return false;
}

const char *org_kind_code(enum org_kind kind)
{
    assert(kind < ORG_KINDS_COUNT);
    return org_kinds[kind].code;
}

const struct label *org_kind_label(enum org_kind kind)
{
    assert(kind < ORG_KINDS_COUNT);
    return &org_kinds[kind].label;
}

bool role_parse(const char *code, enum role *ret_role)
{
    for (unsigned i = 0; i < ROLES_COUNT; i++) {
        if (strcmp(roles[i].code, code) == 0) {
            *ret_role = (enum role)i;
            return true;
        }
    }
    return false;
}

const char *role_code(enum role role)
{
    assert(role < ROLES_COUNT);
    return roles[role].code;
}

const struct label *role_label(enum role role)
{
    assert(role < ROLES_COUNT);
    return &roles[role].label;
}

const char *fact_type_code(enum fact_type type)
{
    static const char *const codes[] = {
#define FACT_TYPE(CODE, code, what) #code,
#include "rules/tbl/fact_type.h"
#undef FACT_TYPE
    };
    assert(type < FACT_TYPES_COUNT);
    return codes[type];
}

const char *strength_code(enum strength strength)
{
    static const char *const codes[] = {"statutory", "local", "target"};
    assert((unsigned)strength < 3);
    return codes[strength];
}

size_t rules_competent(const struct rulebook *book, const char *category, const char *stage,
                       const char **ret_sectors, size_t sectors_max)
{
    size_t count = 0;
    for (size_t i = 0; i < book->competence_count; i++) {
        const struct rules_competence *row = &book->competence[i];
        bool fits = strcmp(row->category, category) == 0 &&
                    (row->stage == NULL || (stage != NULL && strcmp(row->stage, stage) == 0));
        bool known = false;
        for (size_t k = 0; k < count; k++) {
            known = known || strcmp(ret_sectors[k], row->sector) == 0;
        }
        if (fits && !known && count < sectors_max) {
            ret_sectors[count++] = row->sector;
        }
    }
    return count;
}

static bool one_of(const struct rules_condition *condition, const char *value)
{
    for (size_t i = 0; value != NULL && i < condition->values_count; i++) {
        if (strcmp(condition->values[i], value) == 0) {
            return true;
        }
    }
    return false;
}

bool condition_allows(const struct rules_condition *condition, const char *value)
{
    return one_of(condition, value) == (condition->kind == CONDITION_IS);
}

static bool holds(const struct rules_condition *condition, const struct rules_facts_view *view)
{
    const char *value = condition->fact == NULL ? NULL : view->value(view->matter, condition->fact);
    switch (condition->kind) {
    case CONDITION_IS:
    case CONDITION_NOT:
        return condition_allows(condition, value);
    case CONDITION_SET:
        return view->is_set(view->matter, condition->fact);
    case CONDITION_UNSET:
        return !view->is_set(view->matter, condition->fact);
    case CONDITION_OVERDUE:
        return view->overdue(view->matter);
    case CONDITION_NO_OPEN:
        return !view->open_child(view->matter, condition->values[0]);
    case CONDITION_SEALED:
        return view->sealed(view->matter);
    case CONDITION_CHILDREN:
        return view->children_in(view->matter, condition);
    case CONDITION_FEWER:
        return view->alike_this_year(view->matter, condition->fact) <
               strtoll(condition->setting->value, NULL, 10);
    }
    assert(!"a condition outside the list");
    return false;
}

bool rules_holds(const struct rules_condition *conditions, size_t count,
                 const struct rules_facts_view *view, const struct rules_condition **ret_broken)
{
    for (size_t i = 0; i < count; i++) {
        if (!holds(&conditions[i], view)) {
            if (ret_broken != NULL) {
                *ret_broken = &conditions[i];
            }
            return false;
        }
    }
    return true;
}

static const char *values_words(struct arena *arena, const struct rules_condition *condition,
                                enum lang lang)
{
    struct buffer text;
    buffer_init(&text, arena);
    for (size_t i = 0; i < condition->values_count; i++) {
        const struct rules_vocabulary *v = condition->fact->vocabulary;
        const struct rules_term *term = v == NULL ? NULL : rules_term(v, condition->values[i]);
        buffer_text(&text, i == 0 ? "" : lang == LANG_EN ? " or " : "或");
        buffer_text(&text, term == NULL ? condition->values[i] : label_text(&term->label, lang));
    }
    return text.data;
}

const char *rules_condition_words(struct arena *arena, const struct rules_condition *condition,
                                  enum lang lang)
{
    bool en = lang == LANG_EN;
    const char *fact = condition->fact == NULL ? "" : label_text(&condition->fact->label, lang);
    switch (condition->kind) {
    case CONDITION_IS:
        return arena_printf(arena, en ? "'%s' must be %s." : "“%s”须为%s。", fact,
                            values_words(arena, condition, lang));
    case CONDITION_NOT:
        return arena_printf(arena, en ? "'%s' must not be %s." : "“%s”不得为%s。", fact,
                            values_words(arena, condition, lang));
    case CONDITION_SET:
        return arena_printf(arena, en ? "'%s' must be given first." : "须先填写“%s”。", fact);
    case CONDITION_UNSET:
        return arena_printf(arena, en ? "'%s' has been given already." : "“%s”已经填写。", fact);
    case CONDITION_OVERDUE:
        return en ? "no clock is overdue." : "没有超期的期限。";
    case CONDITION_NO_OPEN:
        return en ? "a linked matter is still open." : "关联事项尚未办结。";
    case CONDITION_SEALED:
        return en ? "there is nothing sealed." : "没有封存的信息。";
    case CONDITION_CHILDREN:
        return en ? "linked matters are not that far yet." : "关联事项尚未进行到相应环节。";
    case CONDITION_FEWER:
        return arena_printf(
            arena, en ? "%s: the yearly limit (%s) is reached." : "%s：已达年度次数上限（%s次）。",
            label_text(&condition->setting->label, lang), condition->setting->value);
    }
    return "";
}

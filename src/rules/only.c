/* What an action's conditions leave of the values one may choose: pages offer no more than that. */
#include "rules/inner.h"

static bool allows(const struct rules_action *action, const struct rules_fact *fact,
                   const char *value)
{
    bool good = true;
    for (size_t i = 0; i < action->when_count && good; i++) {
        const struct rules_condition *condition = &action->when[i];
        bool asks = condition->fact == fact &&
                    (condition->kind == CONDITION_IS || condition->kind == CONDITION_NOT);
        good = !asks || condition_allows(condition, value);
    }
    return good;
}

/* How many values a fact has, if they are few; 0: any number. */
static size_t choices(const struct rules_fact *fact)
{
    return fact->type == FACT_TERM   ? fact->vocabulary->terms_count
           : fact->type == FACT_FLAG ? 2
                                     : 0;
}

static const char *choice(const struct rules_fact *fact, size_t index)
{
    static const char *const flags[] = {"true", "false"};
    return fact->type == FACT_TERM ? fact->vocabulary->terms[index].code : flags[index];
}

static void put_fact(struct json_writer *json, const struct rules_action *action,
                     const struct rules_fact *fact)
{
    size_t count = choices(fact);
    size_t good = 0;
    for (size_t i = 0; i < count; i++) {
        good += allows(action, fact, choice(fact, i)) ? 1 : 0;
    }
    if (good == count) {
        return;
    }
    json_key(json, fact->code);
    json_list(json);
    for (size_t i = 0; i < count; i++) {
        if (allows(action, fact, choice(fact, i))) {
            json_text(json, choice(fact, i));
        }
    }
    json_end(json);
}

void rules_json_only(struct json_writer *json, const struct rules_action *action)
{
    json_key(json, "only");
    json_open(json);
    for (size_t i = 0; i < action->needs_count; i++) {
        put_fact(json, action, action->needs[i]);
    }
    for (size_t i = 0; i < action->takes_count; i++) {
        put_fact(json, action, action->takes[i]);
    }
    json_close(json);
}

bool rules_asks(const struct rules_action *action, const struct rules_fact *fact)
{
    bool asks = false;
    for (size_t i = 0; i < action->needs_count && !asks; i++) {
        asks = action->needs[i] == fact;
    }
    for (size_t i = 0; i < action->takes_count && !asks; i++) {
        asks = action->takes[i] == fact;
    }
    return asks;
}

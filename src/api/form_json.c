/* Values of facts, and the forms that ask for them. */
#include "api/reply.h"
#include "base/text.h"

#include <string.h>

static void put_terms(struct json_writer *json, const char *value)
{
    struct arena *arena = json->buffer->arena;
    json_list(json);
    while (*value != 0) {
        size_t length = strcspn(value, ",");
        json_text(json, arena_bytes(arena, value, length));
        value += length + (value[length] == ',' ? 1 : 0);
    }
    json_end(json);
}

static void put_ticks(struct json_writer *json, const char *value)
{
    struct arena *arena = json->buffer->arena;
    json_open(json);
    while (*value != 0) {
        size_t name = strcspn(value, "=");
        size_t length = strcspn(value, ",");
        if (name < length) {
            json_put_text(json, arena_bytes(arena, value, name),
                          arena_bytes(arena, value + name + 1, length - name - 1));
        }
        value += length + (value[length] == ',' ? 1 : 0);
    }
    json_close(json);
}

void put_fact_value(struct json_writer *json, const struct rules_fact *fact, const char *value)
{
    int64_t number = 0;
    if (value == NULL) {
        json_none(json);
    } else if (fact->type == FACT_FLAG) {
        json_bool(json, strcmp(value, "true") == 0);
    } else if (fact->type == FACT_INTEGER && text_to_int(value, INT64_MIN, INT64_MAX, &number)) {
        json_int(json, number);
    } else if (fact->type == FACT_TERMS || fact->type == FACT_BODIES) {
        put_terms(json, value);
    } else if (fact->type == FACT_TICKS) {
        put_ticks(json, value);
    } else {
        json_text(json, value);
    }
}

static const char *secrecy_code(enum secrecy secrecy)
{
    static const char *const codes[] = {"open", "restricted", "sealed"};
    return codes[secrecy];
}

static void put_form_fact(struct json_writer *json, const struct rules_fact *fact, bool required,
                          const struct matter *matter)
{
    json_open(json);
    json_put_text(json, "code", fact->code);
    json_put_label(json, "label", &fact->label);
    if (fact->help.zh != NULL) {
        json_put_label(json, "help", &fact->help);
    }
    json_put_text(json, "type", fact_type_code(fact->type));
    json_put_text(json, "vocabulary", fact->vocabulary == NULL ? NULL : fact->vocabulary->code);
    json_put_text(json, "kinds_by", fact->kinds_by == NULL ? NULL : fact->kinds_by->code);
    json_put_int(json, "min", fact->min);
    json_put_int(json, "max", fact->max);
    json_put_text(json, "secrecy", secrecy_code(fact->secrecy));
    json_put_bool(json, "required", required);
    json_key(json, "kinds");
    json_list(json);
    for (unsigned kind = 0; kind < ORG_KINDS_COUNT; kind++) {
        if ((fact->kinds & 1u << kind) != 0) {
            json_text(json, org_kind_code((enum org_kind)kind));
        }
    }
    json_end(json);
    json_key(json, "value");
    put_fact_value(json, fact, matter == NULL ? NULL : matter->facts[fact->index].value);
    json_close(json);
}

void put_form(struct json_writer *json, const struct rules_procedure *procedure,
              const struct rules_action *action, const struct matter *matter)
{
    (void)procedure;
    json_list(json);
    for (size_t i = 0; i < action->needs_count; i++) {
        put_form_fact(json, action->needs[i], true, matter);
    }
    for (size_t i = 0; i < action->takes_count; i++) {
        put_form_fact(json, action->takes[i], false, matter);
    }
    json_end(json);
}

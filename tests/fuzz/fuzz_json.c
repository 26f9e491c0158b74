/* A request's body as JSON: object, facts, materials; and what each value means as each type. */
#include "api/input.h"
#include "base/text.h"
#include "fuzz.h"
#include "http/inner.h"

static struct rules_term terms[] = {{.code = "a"}, {.code = "b"}, {.code = "ab"}};
static const struct rules_vocabulary vocabulary = {.code = "v", .terms = terms, .terms_count = 3};

void fuzz_begin(void) {}

/* What is taken once is taken again as it is. */
static void check_value(struct ctx *ctx, const char *value)
{
    for (unsigned type = 0; type < FACT_TYPES_COUNT; type++) {
        const struct rules_fact fact = {.type = (enum fact_type)type, .vocabulary = &vocabulary};
        const char *canonical = NULL;
        const char *again = NULL;
        if (rules_fact_check(ctx, &fact, "facts.x", value, &canonical) == FAULT_NONE) {
            fuzz_must(text_is_utf8(canonical, strlen(canonical)), "canonical text is UTF-8");
            fuzz_must(rules_fact_check(ctx, &fact, "facts.x", canonical, &again) == FAULT_NONE,
                      "a canonical value is taken");
            fuzz_must(strcmp(again, canonical) == 0, "a canonical value stays as it is");
        }
    }
}

static void read_body(struct ctx *ctx, struct http_request *request)
{
    static const char *const allowed[] = {"facts", "materials", "action", "procedure", NULL};
    SCOPED_JSON object = NULL;
    struct act_input input = {0};
    enum fault fault = input_object(ctx, request, allowed, &object);
    fuzz_must((fault == FAULT_NONE) == (object != NULL), "an object or a fault");
    if (fault != FAULT_NONE) {
        fuzz_must(ctx->note != NULL || ctx->fields != NULL, "a refusal says why");
        return;
    }
    (void)input_text(ctx, object, "action", true);
    if (input_facts(ctx, object, &input) == FAULT_NONE) {
        for (size_t i = 0; i < input.facts_count; i++) {
            if (input.facts[i].value != NULL) {
                check_value(ctx, input.facts[i].value);
            }
        }
    }
    if (input_materials(ctx, object, &input) == FAULT_NONE) {
        for (size_t i = 0; i < input.uploads_count; i++) {
            fuzz_must(input.uploads[i] > 0, "ids are positive");
        }
    }
}

void fuzz_one(const char *data, size_t count)
{
    if (!text_is_utf8(data, count)) {
        return; /* Refused before any handler runs. */
    }
    SCOPED_ARENA arena = arena_create();
    struct http_request request = {.arena = arena};
    ctx_init(&request.ctx, arena, 0);
    buffer_init(&request.body, arena);
    buffer_add(&request.body, data, count);
    read_body(&request.ctx, &request);
}

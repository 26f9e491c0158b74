#include "api/input.h"

#include "base/id.h"
#include "base/limit.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { KEY_CHARS = 100 };

void input_scoped(json_t **object)
{
    json_decref(*object);
    *object = NULL;
}

/* Nesting of brackets outside strings; jansson alone would allow 2048. */
static unsigned depth_of(const char *text, size_t count)
{
    unsigned depth = 0;
    unsigned deepest = 0;
    bool quoted = false;
    for (size_t i = 0; i < count; i++) {
        char c = text[i];
        if (quoted) {
            i += c == '\\' ? 1 : 0;
            quoted = c != '"';
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            depth++;
            deepest = depth > deepest ? depth : deepest;
        } else if ((c == '}' || c == ']') && depth > 0) {
            depth--;
        }
    }
    return deepest;
}

static enum fault check_keys(struct ctx *ctx, json_t *object, const char *const *allowed)
{
    enum fault fault = FAULT_NONE;
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach(object, key, value)
    {
        const char *const *word = allowed;
        while (*word != NULL && strcmp(*word, key) != 0) {
            word++;
        }
        if (*word == NULL) {
            fault = ctx_field(ctx, key, "This field is not known here.", "此处没有这个字段。");
        }
    }
    return fault;
}

enum fault input_object(struct ctx *ctx, const struct http_request *request,
                        const char *const *allowed, json_t **ret_object)
{
    size_t count = 0;
    const char *body = http_body(request, &count);
    if (depth_of(body, count) > LIMIT_JSON_DEPTH) {
        return ctx_fail(ctx, FAULT_MALFORMED, "The JSON is nested deeper than %d.",
                        "JSON嵌套超过%d层。", LIMIT_JSON_DEPTH);
    }
    json_error_t error;
    json_t *object = json_loadb(body, count, JSON_REJECT_DUPLICATES, &error);
    if (object == NULL) {
        return ctx_fail(ctx, FAULT_MALFORMED, "The JSON is wrong at line %d, column %d.",
                        "JSON在第%d行第%d列有误。", error.line, error.column);
    }
    enum fault fault = FAULT_NONE;
    if (!json_is_object(object)) {
        fault = ctx_fail(ctx, FAULT_MALFORMED, "A JSON object is expected.", "应为JSON对象。");
    } else {
        fault = check_keys(ctx, object, allowed);
    }
    if (fault != FAULT_NONE) {
        json_decref(object);
        return fault;
    }
    *ret_object = object;
    return FAULT_NONE;
}

const char *input_text(struct ctx *ctx, const json_t *object, const char *key, bool required)
{
    const json_t *value = json_object_get(object, key);
    if (value == NULL || json_is_null(value)) {
        if (required) {
            (void)ctx_field(ctx, key, "This field is missing.", "缺少此字段。");
        }
        return NULL;
    }
    if (!json_is_string(value)) {
        (void)ctx_field(ctx, key, "A text is expected.", "应为文本。");
        return NULL;
    }
    return arena_text(ctx->arena, json_string_value(value));
}

static const char *joined_list(struct ctx *ctx, const json_t *list)
{
    struct buffer text;
    buffer_init(&text, ctx->arena);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        if (!json_is_string(item)) {
            return NULL;
        }
        buffer_text(&text, i == 0 ? "" : ",");
        buffer_text(&text, json_string_value(item));
    }
    return text.data;
}

static const char *joined_object(struct ctx *ctx, json_t *object)
{
    struct buffer text;
    buffer_init(&text, ctx->arena);
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach(object, key, value)
    {
        if (!json_is_string(value)) {
            return NULL;
        }
        buffer_text(&text, text.count == 0 ? "" : ",");
        buffer_text(&text, key);
        buffer_char(&text, '=');
        buffer_text(&text, json_string_value(value));
    }
    return text.data;
}

/* The text the engine takes; false if JSON of this kind is no fact's value. */
static bool fact_text(struct ctx *ctx, json_t *value, struct act_fact *fact)
{
    fact->value = NULL;
    if (json_is_null(value)) {
        return true;
    }
    if (json_is_string(value)) {
        fact->value = arena_text(ctx->arena, json_string_value(value));
        fact->form = FORM_TEXT;
    } else if (json_is_boolean(value)) {
        fact->value = json_is_true(value) ? "true" : "false";
        fact->form = FORM_FLAG;
    } else if (json_is_integer(value)) {
        long long number = json_integer_value(value);
        fact->value = arena_printf(ctx->arena, "%lld", number);
        fact->form = FORM_NUMBER;
    } else if (json_is_array(value)) {
        fact->value = joined_list(ctx, value);
        fact->form = FORM_LIST;
    } else if (json_is_object(value)) {
        fact->value = joined_object(ctx, value);
        fact->form = FORM_OBJECT;
    }
    return fact->value != NULL;
}

enum fault input_facts(struct ctx *ctx, const json_t *object, struct act_input *input)
{
    json_t *facts = json_object_get(object, "facts");
    if (facts == NULL || json_is_null(facts)) {
        return FAULT_NONE;
    }
    if (!json_is_object(facts)) {
        return ctx_field(ctx, "facts", "An object is expected.", "应为对象。");
    }
    struct act_fact *list = arena_array(ctx->arena, json_object_size(facts) + 1, sizeof *list);
    enum fault fault = FAULT_NONE;
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach(facts, key, value)
    {
        struct act_fact *fact = &list[input->facts_count++];
        fact->code = arena_text(ctx->arena, key);
        if (!fact_text(ctx, value, fact)) {
            const char *path = arena_printf(ctx->arena, "facts.%s", key);
            fault = ctx_field(ctx, path, "A value of this kind is not possible here.",
                              "此处不能使用这种类型的值。");
        }
    }
    input->facts = list;
    return fault;
}

enum fault input_materials(struct ctx *ctx, const json_t *object, struct act_input *input)
{
    const json_t *list = json_object_get(object, "materials");
    if (list == NULL || json_is_null(list)) {
        return FAULT_NONE;
    }
    if (!json_is_array(list) || json_array_size(list) > LIMIT_MATERIALS) {
        return ctx_field(ctx, "materials", "A list of upload ids is expected.",
                         "应为上传文件编号的列表。");
    }
    int64_t *ids = arena_array(ctx->arena, json_array_size(list) + 1, sizeof *ids);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        if (!json_is_string(item) || !id_parse(json_string_value(item), &ids[i])) {
            return ctx_field(ctx, "materials", "Item %zu is no upload id.",
                             "第%zu项不是上传文件编号。", i + 1);
        }
    }
    input->uploads = ids;
    input->uploads_count = json_array_size(list);
    return FAULT_NONE;
}

static enum fault read_version(struct ctx *ctx, const struct http_request *request,
                               struct act_input *input)
{
    const char *match = http_header(request, "If-Match");
    if (match == NULL) {
        return FAULT_VERSION_REQUIRED;
    }
    size_t length = strlen(match);
    bool quoted = length >= 2 && match[0] == '"' && match[length - 1] == '"';
    const char *digits = quoted ? arena_bytes(ctx->arena, match + 1, length - 2) : match;
    if (!text_to_int(digits, 0, INT64_MAX, &input->version)) {
        return ctx_fail(ctx, FAULT_VERSION_STALE, "If-Match is not a version.",
                        "If-Match不是版本号。");
    }
    return FAULT_NONE;
}

static void digest_request(const struct http_request *request, const char *actor_part,
                           struct act_input *input)
{
    size_t count = 0;
    const char *body = http_body(request, &count);
    struct digest digest;
    struct digest_stream *stream = digest_start();
    digest_add(stream, actor_part, strlen(actor_part) + 1);
    digest_add(stream, body, count);
    digest_finish(stream, &digest);
    memcpy(input->request, digest.sha256, DIGEST_BYTES);
}

enum fault input_headers(struct ctx *ctx, const struct http_request *request, bool versioned,
                         struct act_input *input)
{
    const char *key = http_header(request, "Idempotency-Key");
    bool usable = key == NULL || (text_is_utf8(key, strlen(key)) && key[0] != 0 &&
                                  text_length(key) <= KEY_CHARS && !text_has_control(key));
    if (!usable) {
        return ctx_fail(ctx, FAULT_INVALID_FIELD, "Idempotency-Key has 1 to 100 characters.",
                        "Idempotency-Key应为1至100个字符。");
    }
    input->key = key == NULL ? NULL : arena_text(ctx->arena, key);
    const char *place = arena_printf(ctx->arena, "%lld/%s/%s", (long long)input->matter,
                                     input->procedure == NULL ? "" : input->procedure,
                                     input->action == NULL ? "" : input->action);
    if (input->draft != 0) {
        place = arena_printf(ctx->arena, "%s/%lld", place, (long long)input->draft);
    }
    digest_request(request, place, input);
    input->version = -1;
    return versioned ? read_version(ctx, request, input) : FAULT_NONE;
}

enum fault input_id(struct ctx *ctx, const struct http_request *request, const char *name,
                    int64_t *ret_id)
{
    (void)ctx;
    return id_parse(http_path_value(request, name), ret_id) ? FAULT_NONE : FAULT_NOT_FOUND;
}

enum fault input_number(struct ctx *ctx, const struct http_request *request, const char *name,
                        int64_t min, int64_t max, int64_t fallback, int64_t *ret_value)
{
    const char *text = http_query(request, name);
    *ret_value = fallback;
    if (text == NULL || text[0] == 0) {
        return FAULT_NONE;
    }
    if (!text_to_int(text, min, max, ret_value)) {
        return ctx_field(ctx, name, "A whole number from %lld to %lld is expected.",
                         "应为%lld至%lld之间的整数。", (long long)min, (long long)max);
    }
    return FAULT_NONE;
}

bool input_is_local(const struct http_request *request)
{
    static const char *const passed_on[] = {"X-Real-IP", "X-Forwarded-For", "Forwarded", "Via"};
    bool direct = true;
    for (size_t i = 0; i < sizeof passed_on / sizeof passed_on[0]; i++) {
        direct = direct && http_header(request, passed_on[i]) == NULL;
    }
    return direct && http_peer_is_loopback(request);
}

const char *input_peer(const struct api *api, const struct http_request *request)
{
    const char *told = api->trust_proxy ? http_header(request, "X-Real-IP") : NULL;
    return told != NULL ? told : http_peer(request);
}

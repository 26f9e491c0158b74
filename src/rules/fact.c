/* One value from outside against its fact: is it what the type says, and what is its canonical
 * text. */
#include "base/credit_code.h"
#include "base/id.h"
#include "base/limit.h"
#include "base/text.h"
#include "calendar/date.h"
#include "rules/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct checking {
    struct ctx *ctx;
    const struct rules_fact *fact;
    const char *path;
    const char *value; /* Trimmed. */
    const char **ret_canonical;
};

static char *trimmed(struct arena *arena, const char *value)
{
    while (*value == ' ' || *value == '\t' || *value == '\n' || *value == '\r') {
        value++;
    }
    size_t count = strlen(value);
    while (count > 0 && strchr(" \t\n\r", value[count - 1]) != NULL) {
        count--;
    }
    return arena_bytes(arena, value, count);
}

static enum fault check_length(const struct checking *c, int64_t fallback)
{
    int64_t most = c->fact->max == 0 ? fallback : c->fact->max;
    int64_t length = (int64_t)text_length(c->value);
    if (length > most) {
        return ctx_field(c->ctx, c->path, "At most %lld characters.", "最多%lld个字。",
                         (long long)most);
    }
    if (length < c->fact->min) {
        return ctx_field(c->ctx, c->path, "At least %lld characters.", "至少%lld个字。",
                         (long long)c->fact->min);
    }
    return FAULT_NONE;
}

static enum fault check_line(const struct checking *c)
{
    if (strpbrk(c->value, "\n\t") != NULL) {
        return ctx_field(c->ctx, c->path, "One line only.", "只能填写一行。");
    }
    return check_length(c, LIMIT_LINE_CHARS);
}

static enum fault check_text(const struct checking *c)
{
    return check_length(c, LIMIT_TEXT_CHARS);
}

static enum fault check_date(const struct checking *c)
{
    int32_t date = 0;
    return date_parse(c->value, &date)
               ? FAULT_NONE
               : ctx_field(c->ctx, c->path, "A day like 2026-02-13 is expected.",
                           "应为日期，如2026-02-13。");
}

static enum fault check_minute(const struct checking *c)
{
    int64_t moment = 0;
    return minute_parse(c->value, &moment)
               ? FAULT_NONE
               : ctx_field(c->ctx, c->path, "A minute like 2026-02-13T09:30 is expected.",
                           "应为时刻，如2026-02-13T09:30。");
}

static enum fault check_integer(const struct checking *c)
{
    int64_t number = 0;
    int64_t most = c->fact->max == 0 ? 1000000000000 : c->fact->max;
    if (!text_to_int(c->value, c->fact->min, most, &number)) {
        return ctx_field(c->ctx, c->path, "A whole number from %lld to %lld is expected.",
                         "应为%lld至%lld之间的整数。", (long long)c->fact->min, (long long)most);
    }
    *c->ret_canonical = arena_printf(c->ctx->arena, "%lld", (long long)number);
    return FAULT_NONE;
}

static enum fault check_amount(const struct checking *c, int64_t yuan, bool has_cents)
{
    int64_t most = c->fact->max;
    if (yuan < c->fact->min || (most != 0 && (yuan > most || (yuan == most && has_cents)))) {
        return most == 0
                   ? ctx_field(c->ctx, c->path, "At least %lld yuan.", "至少%lld元。",
                               (long long)c->fact->min)
                   : ctx_field(c->ctx, c->path, "From %lld to %lld yuan.", "应为%lld至%lld元。",
                               (long long)c->fact->min, (long long)most);
    }
    return FAULT_NONE;
}

/* 120000, 120000.5, 120000.50: yuan; the canonical form has two decimals. */
static enum fault check_money(const struct checking *c)
{
    size_t whole = strspn(c->value, "0123456789");
    const char *rest = c->value + whole;
    size_t decimals = rest[0] == '.' ? strspn(rest + 1, "0123456789") : 0;
    bool form = whole >= 1 && whole <= 13 &&
                (rest[0] == 0 ||
                 (rest[0] == '.' && decimals >= 1 && decimals <= 2 && rest[1 + decimals] == 0));
    if (!form) {
        return ctx_field(c->ctx, c->path, "An amount in yuan like 120000.50 is expected.",
                         "应为以元为单位的金额，如120000.50。");
    }
    const char *digits = c->value + strspn(c->value, "0");
    size_t kept =
        whole - (size_t)(digits - c->value < (long)whole ? digits - c->value : (long)whole - 1);
    const char *start = c->value + whole - kept;
    char cents[3] = {decimals > 0 ? rest[1] : '0', decimals > 1 ? rest[2] : '0', 0};
    *c->ret_canonical = arena_printf(c->ctx->arena, "%.*s.%s", (int)kept, start, cents);
    return check_amount(c, strtoll(start, NULL, 10), strcmp(cents, "00") != 0);
}

static enum fault check_flag(const struct checking *c)
{
    bool right = strcmp(c->value, "true") == 0 || strcmp(c->value, "false") == 0;
    return right ? FAULT_NONE : ctx_field(c->ctx, c->path, "true or false.", "应为是或否。");
}

static enum fault check_term(const struct checking *c)
{
    return rules_term(c->fact->vocabulary, c->value) != NULL
               ? FAULT_NONE
               : ctx_field(c->ctx, c->path, "Choose one of the list.", "请从列表中选择。");
}

/* Each listed term once, in the vocabulary's order. */
static enum fault check_terms(const struct checking *c)
{
    struct buffer made;
    buffer_init(&made, c->ctx->arena);
    size_t found = 0;
    size_t given = 1;
    for (const char *p = c->value; *p != 0; p++) {
        given += *p == ',' ? 1 : 0;
    }
    const char *padded = arena_printf(c->ctx->arena, ",%s,", c->value);
    for (size_t i = 0; i < c->fact->vocabulary->terms_count; i++) {
        const char *code = c->fact->vocabulary->terms[i].code;
        if (strstr(padded, arena_printf(c->ctx->arena, ",%s,", code)) != NULL) {
            buffer_text(&made, found == 0 ? "" : ",");
            buffer_text(&made, code);
            found++;
        }
    }
    *c->ret_canonical = made.data;
    return found == given ? FAULT_NONE
                          : ctx_field(c->ctx, c->path, "Choose from the list, each once.",
                                      "请从列表中选择，每项一次。");
}

static enum fault check_body(const struct checking *c)
{
    /* Whether there is such a body is asked where the directory is known. */
    size_t length = strspn(c->value, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return c->value[length] == 0 && length <= 64
               ? FAULT_NONE
               : ctx_field(c->ctx, c->path, "There is no such body.", "没有这个单位。");
}

static int compare_codes(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* Each body once, in the order of their codes. */
static enum fault check_bodies(const struct checking *c)
{
    char *codes[LIMIT_BODIES];
    size_t count = 0;
    struct buffer made;
    buffer_init(&made, c->ctx->arena);
    for (const char *p = c->value; *p != 0;) {
        size_t length = strspn(p, "abcdefghijklmnopqrstuvwxyz0123456789_");
        if (length == 0 || length > 64 || (p[length] != ',' && p[length] != 0)) {
            return ctx_field(c->ctx, c->path, "There is no such body.", "没有这个单位。");
        }
        if (count == LIMIT_BODIES) {
            return ctx_field(c->ctx, c->path, "At most %d bodies.", "最多%d个单位。", LIMIT_BODIES);
        }
        codes[count++] = arena_bytes(c->ctx->arena, p, length);
        p += length + (p[length] == ',' ? 1 : 0);
    }
    qsort(codes, count, sizeof codes[0], compare_codes);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || strcmp(codes[i], codes[i - 1]) != 0) {
            buffer_printf(&made, "%s%s", kept++ == 0 ? "" : ",", codes[i]);
        }
    }
    if ((int64_t)kept < c->fact->min) {
        return ctx_field(c->ctx, c->path, "At least %lld bodies.", "至少%lld个单位。",
                         (long long)c->fact->min);
    }
    *c->ret_canonical = made.data;
    return FAULT_NONE;
}

static enum fault check_credit_code(const struct checking *c)
{
    enum credit_code_mistake mistake = credit_code_check(c->value);
    if (mistake == CREDIT_CODE_OK) {
        return FAULT_NONE;
    }
    const struct label *label = credit_code_label(mistake);
    return ctx_field(c->ctx, c->path, "The credit code is wrong: %s.", "统一社会信用代码有误：%s。",
                     label_text(label, c->ctx->lang));
}

static enum fault check_phone(const struct checking *c)
{
    size_t length = strlen(c->value);
    bool right = length >= 5 && length <= 20 && strspn(c->value, "0123456789+- ") == length;
    return right ? FAULT_NONE
                 : ctx_field(c->ctx, c->path, "A telephone number is expected.", "应为电话号码。");
}

static enum fault check_email(const struct checking *c)
{
    const char *at = strchr(c->value, '@');
    bool right = at != NULL && at != c->value && strchr(at + 1, '@') == NULL &&
                 strchr(at + 1, '.') != NULL && at[1] != '.' && strlen(c->value) <= 200 &&
                 strpbrk(c->value, " \t\n<>\"(),;:\\") == NULL &&
                 c->value[strlen(c->value) - 1] != '.';
    return right
               ? FAULT_NONE
               : ctx_field(c->ctx, c->path, "An e-mail address is expected.", "应为电子邮箱地址。");
}

static enum fault check_ticks(const struct checking *c)
{
    const char *p = c->value;
    bool right = true;
    while (right && *p != 0) {
        int64_t id = 0;
        size_t name = strcspn(p, "=,");
        right = p[name] == '=' && id_parse(arena_bytes(c->ctx->arena, p, name), &id);
        const char *tick = p + name + (right ? 1 : 0);
        size_t length = strcspn(tick, ",");
        right = right && ((length == 7 && strncmp(tick, "arrived", 7) == 0) ||
                          (length == 7 && strncmp(tick, "missing", 7) == 0));
        p = tick + length + (tick[length] == ',' ? 1 : 0);
    }
    return right ? FAULT_NONE
                 : ctx_field(c->ctx, c->path, "Say arrived or missing for each material.",
                             "请对每份材料选择已到或缺少。");
}

typedef enum fault check_type(const struct checking *c);

static check_type *const checks[FACT_TYPES_COUNT] = {
    [FACT_LINE] = check_line,       [FACT_TEXT] = check_text,
    [FACT_DATE] = check_date,       [FACT_MINUTE] = check_minute,
    [FACT_INTEGER] = check_integer, [FACT_MONEY] = check_money,
    [FACT_FLAG] = check_flag,       [FACT_TERM] = check_term,
    [FACT_TERMS] = check_terms,     [FACT_BODY] = check_body,
    [FACT_BODIES] = check_bodies,   [FACT_CREDIT_CODE] = check_credit_code,
    [FACT_PERSON] = check_line,     [FACT_PHONE] = check_phone,
    [FACT_EMAIL] = check_email,     [FACT_TICKS] = check_ticks,
};

enum fault rules_fact_check(struct ctx *ctx, const struct rules_fact *fact, const char *path,
                            const char *value, const char **ret_canonical)
{
    if (!text_is_utf8(value, strlen(value)) || text_has_control(value)) {
        return ctx_field(ctx, path, "Control characters are not allowed.", "不能含有控制字符。");
    }
    const char *canonical = trimmed(ctx->arena, value);
    struct checking checking = {
        .ctx = ctx, .fact = fact, .path = path, .value = canonical, .ret_canonical = &canonical};
    enum fault fault = checks[fact->type](&checking);
    if (fault == FAULT_NONE) {
        *ret_canonical = canonical;
    }
    return fault;
}

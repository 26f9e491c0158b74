/* One value against its fact: every type, every limit, and the canonical text. */
#include "check.h"
#include "rules/rules.h"

static struct rules_term terms[] = {{.code = "direct"}, {.code = "mail"}, {.code = "email"}};
static const struct rules_vocabulary vocabulary = {
    .code = "ways", .terms = terms, .terms_count = 3};

struct sample {
    const char *value;
    const char *canonical; /* NULL: refused. */
};

static void expect(const struct rules_fact *fact, const struct sample *samples, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        CHECK_CTX(ctx);
        const char *canonical = NULL;
        enum fault fault = rules_fact_check(&ctx, fact, "facts.x", samples[i].value, &canonical);
        if (samples[i].canonical == NULL) {
            if (fault != FAULT_INVALID_FIELD) {
                fail_msg("'%s' was taken as '%s'", samples[i].value, canonical);
            }
            assert_null(canonical);
            assert_string_equal(ctx.fields->path, "facts.x");
            assert_true(ctx.fields->text[0] != 0);
            assert_null(ctx.fields->next);
        } else {
            if (fault != FAULT_NONE) {
                fail_msg("'%s' was refused: %s", samples[i].value, ctx.fields->text);
            }
            assert_string_equal(canonical, samples[i].canonical);
            assert_null(ctx.fields);
        }
    }
}

#define EXPECT(fact, ...)                                                                          \
    do {                                                                                           \
        static const struct sample samples[] = {__VA_ARGS__};                                      \
        expect(&(fact), samples, sizeof samples / sizeof samples[0]);                              \
    } while (0)

/* `count` times the character. */
static const char *repeated(struct arena *arena, const char *character, size_t count)
{
    struct buffer text;
    buffer_init(&text, arena);
    for (size_t i = 0; i < count; i++) {
        buffer_text(&text, character);
    }
    return text.data;
}

static void lines_and_texts(void **state)
{
    (void)state;
    const struct rules_fact line = {.type = FACT_LINE};
    const struct rules_fact text = {.type = FACT_TEXT, .min = 2, .max = 5};
    const struct rules_fact person = {.type = FACT_PERSON, .max = 3};
    EXPECT(line, {"围标", "围标"}, {"  a b \n", "a b"}, {"", ""}, {"a\nb", NULL}, {"a\tb", NULL},
           {"<script>'--", "<script>'--"});
    EXPECT(text, {"一二", "一二"}, {"一二三四五", "一二三四五"}, {"一二三四五六", NULL},
           {"一", NULL}, {"a\n\tb", "a\n\tb"}, {" ab ", "ab"}, {"     ", NULL});
    EXPECT(person, {"张三", "张三"}, {"欧阳小明", NULL}, {"张\n三", NULL});
    SCOPED_ARENA arena = arena_create();
    const struct rules_fact plain = {.type = FACT_TEXT};
    struct sample limits[] = {{repeated(arena, "字", 200), NULL},
                              {repeated(arena, "字", 201), NULL}};
    limits[0].canonical = limits[0].value;
    expect(&line, limits, 2);
    struct sample longer[] = {{repeated(arena, "字", 20000), NULL},
                              {repeated(arena, "字", 20001), NULL}};
    longer[0].canonical = longer[0].value;
    expect(&plain, longer, 2);
}

static void control_characters_and_broken_utf8_nowhere(void **state)
{
    (void)state;
    for (unsigned type = 0; type < FACT_TYPES_COUNT; type++) {
        const struct rules_fact fact = {.type = (enum fact_type)type, .vocabulary = &vocabulary};
        EXPECT(fact, {"a\x01", NULL}, {"\xFF", NULL}, {"\xED\xA0\x80", NULL}, {"x\u202E", NULL},
               {"a\r\nb", NULL}, {"\x7F", NULL});
    }
}

static void days_and_minutes(void **state)
{
    (void)state;
    const struct rules_fact date = {.type = FACT_DATE};
    const struct rules_fact minute = {.type = FACT_MINUTE};
    EXPECT(date, {"2021-09-17", "2021-09-17"}, {" 2021-09-17 ", "2021-09-17"}, {"2021-02-29", NULL},
           {"2021-9-17", NULL}, {"2021-09-17T10:00", NULL}, {"", NULL});
    EXPECT(minute, {"2021-09-17T16:40", "2021-09-17T16:40"}, {"2021-09-17", NULL},
           {"2021-09-17T24:00", NULL}, {"2021-09-17T16:40:00", NULL});
}

static void numbers_and_money(void **state)
{
    (void)state;
    const struct rules_fact integer = {.type = FACT_INTEGER};
    const struct rules_fact limited = {.type = FACT_INTEGER, .min = 2, .max = 9};
    const struct rules_fact money = {.type = FACT_MONEY};
    const struct rules_fact fine = {.type = FACT_MONEY, .min = 100, .max = 5000};
    EXPECT(integer, {"0", "0"}, {"007", "7"}, {"-0", "0"}, {"-1", NULL}, {"1.0", NULL}, {"", NULL},
           {"1000000000000", "1000000000000"}, {"1000000000001", NULL}, {"１", NULL});
    EXPECT(limited, {"2", "2"}, {"9", "9"}, {"1", NULL}, {"10", NULL});
    EXPECT(money, {"120000", "120000.00"}, {"120000.5", "120000.50"}, {"120000.50", "120000.50"},
           {"0", "0.00"}, {"000.5", "0.50"}, {"0120", "120.00"},
           {"9999999999999.99", "9999999999999.99"}, {"10000000000000", NULL}, {"1.", NULL},
           {".5", NULL}, {"1.234", NULL}, {"-1", NULL}, {"1,000", NULL}, {"1.2.3", NULL},
           {"1e3", NULL}, {"", NULL}, {"¥1", NULL});
    EXPECT(fine, {"100", "100.00"}, {"99.99", NULL}, {"5000", "5000.00"}, {"5000.01", NULL},
           {"5001", NULL}, {"0", NULL});
}

static void flags_and_terms(void **state)
{
    (void)state;
    const struct rules_fact flag = {.type = FACT_FLAG};
    const struct rules_fact term = {.type = FACT_TERM, .vocabulary = &vocabulary};
    const struct rules_fact many = {.type = FACT_TERMS, .vocabulary = &vocabulary};
    EXPECT(flag, {"true", "true"}, {"false", "false"}, {"True", NULL}, {"1", NULL}, {"", NULL});
    EXPECT(term, {"mail", "mail"}, {"mai", NULL}, {"mail,email", NULL}, {"", NULL}, {"Mail", NULL});
    EXPECT(many, {"mail", "mail"}, {"email,direct", "direct,email"},
           {"direct,mail,email", "direct,mail,email"}, {"mail,mail", NULL}, {"mail,x", NULL},
           {"", NULL}, {"mail,", NULL}, {",mail", NULL}, {"mail, email", NULL});
}

static void bodies_codes_and_contacts(void **state)
{
    (void)state;
    const struct rules_fact body = {.type = FACT_BODY};
    const struct rules_fact code = {.type = FACT_CREDIT_CODE};
    const struct rules_fact phone = {.type = FACT_PHONE};
    const struct rules_fact email = {.type = FACT_EMAIL};
    EXPECT(body, {"water_bureau", "water_bureau"}, {"a1", "a1"}, {"Water", NULL}, {"a b", NULL},
           {"a'--", NULL}, {"水利", NULL},
           {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL});
    EXPECT(code, {"91350100M000100Y43", "91350100M000100Y43"}, {"91350100M000100Y44", NULL},
           {"91350100m000100Y43", NULL}, {"9135", NULL}, {"", NULL});
    EXPECT(phone, {"0722-3312345", "0722-3312345"}, {"+86 13800000000", "+86 13800000000"},
           {"1234", NULL}, {"123456789012345678901", NULL}, {"call me", NULL});
    EXPECT(email, {"a@b.cn", "a@b.cn"}, {"a.b+c@d-e.com", "a.b+c@d-e.com"}, {"a@b", NULL},
           {"@b.cn", NULL}, {"a@b@c.cn", NULL}, {"a@.cn", NULL}, {"a@b.cn.", NULL},
           {"a b@c.cn", NULL}, {"<a@b.cn>", NULL}, {"a@b.cn,c@d.cn", NULL}, {"", NULL});
}

static void ticks(void **state)
{
    (void)state;
    const struct rules_fact fact = {.type = FACT_TICKS};
    EXPECT(fact, {"0000000000001=arrived", "0000000000001=arrived"},
           {"0000000000001=arrived,0000000000002=missing",
            "0000000000001=arrived,0000000000002=missing"},
           {"", ""}, {"0000000000001", NULL}, {"0000000000001=", NULL},
           {"0000000000001=lost", NULL}, {"1=arrived", NULL}, {"=arrived", NULL},
           {"0000000000001=arrivedx", NULL}, {"0000000000001=arrived;0000000000002=missing", NULL},
           {"0000000000001=arrived,0000000000002", NULL}, {",", NULL});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_and_texts),
        cmocka_unit_test(control_characters_and_broken_utf8_nowhere),
        cmocka_unit_test(days_and_minutes),
        cmocka_unit_test(numbers_and_money),
        cmocka_unit_test(flags_and_terms),
        cmocka_unit_test(bodies_codes_and_contacts),
        cmocka_unit_test(ticks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

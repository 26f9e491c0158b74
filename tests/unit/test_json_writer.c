#include "base/json_writer.h"
#include "check.h"

static void commas_and_nesting(void **state)
{
    (void)state;
    SCOPED_ARENA arena = arena_create();
    struct buffer buffer;
    struct json_writer w;
    buffer_init(&buffer, arena);
    json_writer_init(&w, &buffer);
    json_open(&w);
    json_key(&w, "list");
    json_list(&w);
    json_int(&w, INT64_MIN);
    json_int(&w, INT64_MAX);
    json_open(&w);
    json_close(&w);
    json_list(&w);
    json_end(&w);
    json_none(&w);
    json_bool(&w, true);
    json_end(&w);
    json_put_text(&w, "text", "围标");
    json_put_text(&w, "none", NULL);
    json_put_int(&w, "n", -7);
    json_put_bool(&w, "no", false);
    json_put_label(&w, "label", &(struct label){"中", "en"});
    json_key(&w, "raw");
    json_raw(&w, "{\"a\":1}");
    json_close(&w);
    assert_string_equal(buffer.data,
                        "{\"list\":[-9223372036854775808,9223372036854775807,{},[],null,true],"
                        "\"text\":\"围标\",\"none\":null,\"n\":-7,\"no\":false,"
                        "\"label\":{\"zh\":\"中\",\"en\":\"en\"},\"raw\":{\"a\":1}}");
}

static void quotes_what_json_wants_quoted(void **state)
{
    (void)state;
    SCOPED_ARENA arena = arena_create();
    struct buffer buffer;
    struct json_writer w;
    buffer_init(&buffer, arena);
    json_writer_init(&w, &buffer);
    json_list(&w);
    json_text(&w, "");
    json_text(&w, "\"\\/");
    json_text(&w, "a\nb\tc\r\x01\x1F\x7F");
    json_text(&w, "</script>&");
    json_text(&w, "\\");
    json_end(&w);
    assert_string_equal(buffer.data,
                        "[\"\",\"\\\"\\\\/\",\"a\\nb\\u0009c\\u000d\\u0001\\u001f\x7F\","
                        "\"</script>&\",\"\\\\\"]");
}

static void keys_are_quoted_too(void **state)
{
    (void)state;
    SCOPED_ARENA arena = arena_create();
    struct buffer buffer;
    struct json_writer w;
    buffer_init(&buffer, arena);
    json_writer_init(&w, &buffer);
    json_open(&w);
    json_put_int(&w, "a\"b", 1);
    json_close(&w);
    assert_string_equal(buffer.data, "{\"a\\\"b\":1}");
}

static void writes_times(void **state)
{
    (void)state;
    static const struct {
        int64_t ms;
        const char *text;
    } times[] = {{0, "{\"t\":\"1970-01-01T00:00:00.000Z\"}"},
                 {1631868000007, "{\"t\":\"2021-09-17T08:40:00.007Z\"}"},
                 {951782400000, "{\"t\":\"2000-02-29T00:00:00.000Z\"}"},
                 {-1, "{\"t\":\"1969-12-31T23:59:59.999Z\"}"},
                 {-1000, "{\"t\":\"1969-12-31T23:59:59.000Z\"}"}};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        SCOPED_ARENA arena = arena_create();
        struct buffer buffer;
        struct json_writer w;
        buffer_init(&buffer, arena);
        json_writer_init(&w, &buffer);
        json_open(&w);
        json_put_time(&w, "t", times[i].ms);
        json_close(&w);
        assert_string_equal(buffer.data, times[i].text);
    }
}

static void nests_to_its_depth(void **state)
{
    (void)state;
    SCOPED_ARENA arena = arena_create();
    struct buffer buffer;
    struct json_writer w;
    buffer_init(&buffer, arena);
    json_writer_init(&w, &buffer);
    for (unsigned i = 0; i < JSON_WRITER_DEPTH; i++) {
        json_list(&w);
    }
    for (unsigned i = 0; i < JSON_WRITER_DEPTH; i++) {
        json_end(&w);
    }
    assert_int_equal(buffer.count, 2 * JSON_WRITER_DEPTH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commas_and_nesting),  cmocka_unit_test(quotes_what_json_wants_quoted),
        cmocka_unit_test(keys_are_quoted_too), cmocka_unit_test(writes_times),
        cmocka_unit_test(nests_to_its_depth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

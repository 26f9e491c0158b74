/* Text that comes from outside: UTF-8, JSON written from it, credit codes, ids, escapes, file
 * names. */
#include "base/credit_code.h"
#include "base/id.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "fuzz.h"
#include "http/inner.h"

#include <jansson.h>

void fuzz_begin(void) {}

/* What our writer writes, a strict reader reads back. */
static void check_json(struct arena *arena, const char *text, size_t count)
{
    struct buffer buffer;
    struct json_writer writer;
    buffer_init(&buffer, arena);
    json_writer_init(&writer, &buffer);
    json_open(&writer);
    json_put_text(&writer, text, text);
    json_close(&writer);
    json_t *back = json_loadb(buffer.data, buffer.count, JSON_REJECT_DUPLICATES, NULL);
    const json_t *value = json_object_get(back, text);
    fuzz_must(value != NULL && json_string_length(value) == count &&
                  memcmp(json_string_value(value), text, count) == 0,
              "JSON keeps the text");
    json_decref(back);
}

static void check_utf8(const char *text, size_t count)
{
    const char *at = text;
    size_t length = 0;
    for (uint32_t point = text_next(&at); point != 0; point = text_next(&at)) {
        fuzz_must(point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF), "code points exist");
        length++;
    }
    fuzz_must(at == text + count && text_length(text) == length, "walking ends at the end");
}

static void check_forms(struct arena *arena, const char *text, size_t count)
{
    int64_t id = 0;
    char back[ID_TEXT];
    if (id_parse(text, &id)) {
        id_format(id, back);
        fuzz_must(strcasecmp(back, text) == 0, "ids are written as they are read");
    }
    (void)credit_code_label(credit_code_check(text));
    int64_t number = 0;
    if (text_to_int(text, -1000, 1000, &number)) {
        fuzz_must(number >= -1000 && number <= 1000, "numbers stay within limits");
    }
    const char *clean = file_name_clean(arena, text);
    fuzz_must(clean == NULL ||
                  (strpbrk(clean, "/\\\n") == NULL && clean[0] != 0 && !text_has_control(clean)),
              "file names are plain");
    const char *decoded = percent_decode(arena, text, count);
    fuzz_must(decoded == NULL || text_is_utf8(decoded, strlen(decoded)), "escapes give UTF-8");
}

void fuzz_one(const char *data, size_t count)
{
    SCOPED_ARENA arena = arena_create();
    const char *text = arena_bytes(arena, data, count);
    if (strlen(text) == count) {
        check_forms(arena, text, count);
    }
    if (text_is_utf8(text, count)) {
        check_utf8(text, count);
        check_json(arena, text, count);
    }
}

/* What a file is, by its first bytes. */
#include "check.h"
#include "http/inner.h"

static void expect(const char *head, size_t bytes, bool text, const char *expected)
{
    assert_string_equal(media_type_sniff((const unsigned char *)head, bytes, text), expected);
}

static void known_kinds(void **state)
{
    (void)state;
    expect("%PDF-1.7", 8, true, "application/pdf");
    expect("\x89PNG\r\n\x1a\nxxxx", 12, false, "image/png");
    expect("\xff\xd8\xff\xe0", 4, false, "image/jpeg");
    expect("GIF89a", 6, true, "image/gif");
    expect("PK\x03\x04xx", 6, false, "application/zip");
    expect("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8, false, "application/x-ole-storage");
    expect("\0\0\0\x18"
           "ftypmp42",
           12, false, "video/mp4");
}

static void anything_else_is_text_or_bytes(void **state)
{
    (void)state;
    expect("", 0, true, "text/plain; charset=utf-8");
    expect("%PDF", 4, true, "text/plain; charset=utf-8");
    expect(" %PDF-", 6, true, "text/plain; charset=utf-8");
    expect("<html><script>", 14, true, "text/plain; charset=utf-8");
    expect("<svg", 4, true, "text/plain; charset=utf-8");
    expect("\x7f"
           "ELF",
           4, false, "application/octet-stream");
    expect("RIFF", 4, true, "application/octet-stream");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_kinds),
        cmocka_unit_test(anything_else_is_text_or_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

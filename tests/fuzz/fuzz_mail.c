/* What could break out of a mail's header: an address somebody gave, and a text that stands in the
 * subject. */
#include "fuzz.h"
#include "job/mail_inner.h"
#include "people/people.h"

void fuzz_begin(void) {}

/* Lines end with CRLF, are short and plain, and each but the first begins with a blank. */
static void check_header(struct arena *arena, const char *value)
{
    struct buffer text;
    buffer_init(&text, arena);
    mail_header(&text, "Subject", value);
    const char *line = text.data;
    while (*line != 0) {
        size_t length = strcspn(line, "\r\n");
        fuzz_must(line[length] == '\r' && line[length + 1] == '\n',
                  "a header's line ends properly");
        fuzz_must(length <= 9 + 76, "a header's line is short");
        fuzz_must(line == text.data || line[0] == ' ', "a header has no second beginning");
        for (size_t i = 0; i < length; i++) {
            fuzz_must(line[i] >= ' ' && line[i] <= '~', "a header is plain");
        }
        line += length + 2;
    }
}

static void check_address(const char *text)
{
    if (!people_email_good(text)) {
        return;
    }
    size_t ats = 0;
    for (const char *p = text; *p != 0; p++) {
        fuzz_must(*p > ' ' && *p <= '~' && strchr("<>()[],;:\\\"", *p) == NULL,
                  "an address is plain");
        ats += *p == '@' ? 1 : 0;
    }
    fuzz_must(ats == 1 && strlen(text) <= 254, "an address has one @ and is short");
}

void fuzz_one(const char *data, size_t count)
{
    SCOPED_ARENA arena = arena_create();
    const char *text = arena_bytes(arena, data, count);
    check_address(text);
    check_header(arena, text);
}

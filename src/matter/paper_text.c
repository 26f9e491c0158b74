/*
 * What is encrypted of a paper, as one text: records that end with the separator RECORD. The first
 * is the title; of an issued paper the content follows, of a draft its facts, code and value apart
 * by UNIT. No value holds these characters: control characters are refused when it is checked.
 */
#include "matter/paper_inner.h"

#include <assert.h>
#include <string.h>

enum { RECORD = '\x1e', UNIT = '\x1f' };

const char *paper_text_issued(struct arena *arena, const char *title, const char *content)
{
    return arena_printf(arena, "%s%c%s", title, RECORD, content);
}

const char *paper_text_draft(struct arena *arena, const char *title, const struct act_fact *facts,
                             size_t count)
{
    struct buffer text;
    buffer_init(&text, arena);
    buffer_text(&text, title);
    buffer_char(&text, RECORD);
    for (size_t i = 0; i < count; i++) {
        buffer_text(&text, facts[i].code);
        if (facts[i].value != NULL) {
            assert(strchr(facts[i].value, RECORD) == NULL && strchr(facts[i].value, UNIT) == NULL);
            buffer_char(&text, UNIT);
            buffer_text(&text, facts[i].value);
        }
        buffer_char(&text, RECORD);
    }
    return text.data;
}

static size_t count_records(const char *text)
{
    size_t count = 0;
    for (; *text != 0; text++) {
        count += *text == RECORD ? 1 : 0;
    }
    return count;
}

static void read_facts(struct arena *arena, const char *text, struct paper *paper)
{
    struct act_fact *facts = arena_array(arena, count_records(text) + 1, sizeof *facts);
    for (const char *end = strchr(text, RECORD); end != NULL; end = strchr(text, RECORD)) {
        const char *record = arena_bytes(arena, text, (size_t)(end - text));
        const char *unit = strchr(record, UNIT);
        struct act_fact *fact = &facts[paper->facts_count++];
        fact->code = unit == NULL ? record : arena_bytes(arena, record, (size_t)(unit - record));
        fact->value = unit == NULL ? NULL : unit + 1;
        text = end + 1;
    }
    paper->facts = facts;
}

void paper_text_read(struct arena *arena, const char *text, struct paper *paper)
{
    const char *end = strchr(text, RECORD);
    assert(end != NULL);
    paper->title = arena_bytes(arena, text, (size_t)(end - text));
    if (paper->state == PAPER_ISSUED) {
        paper->content = arena_text(arena, end + 1);
    } else {
        read_facts(arena, end + 1, paper);
    }
}

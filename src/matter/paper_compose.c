/* The content of a paper as JSON, in the form that src/document/README.md describes. */
#include "base/text.h"
#include "calendar/date.h"
#include "matter/paper_inner.h"

#include <string.h>
#include <time.h>

/* A text of several lines is as many paragraphs. */
static void put_paragraphs(struct json_writer *json, struct arena *arena, const char *text)
{
    while (*text != 0) {
        size_t length = strcspn(text, "\n");
        if (length > 0) {
            json_open(json);
            json_put_text(json, "p", arena_bytes(arena, text, length));
            json_close(json);
        }
        text += length + (text[length] == '\n' ? 1 : 0);
    }
}

static void put_heading(struct json_writer *json, const struct rules_part *part, const char *text)
{
    json_open(json);
    json_put_text(json, "heading", text);
    json_put_int(json, "level", part->level);
    json_close(json);
}

struct column {
    const char *label;
    int64_t width; /* Share. */
    const char *align;
};

static void put_columns(struct json_writer *json, const struct column *columns, size_t count)
{
    json_key(json, "columns");
    json_list(json);
    for (size_t i = 0; i < count; i++) {
        json_open(json);
        json_put_text(json, "label", columns[i].label);
        json_put_int(json, "width", columns[i].width);
        json_put_text(json, "align", columns[i].align);
        json_close(json);
    }
    json_end(json);
}

static const char *tick_words(const char *tick)
{
    return tick == NULL ? "" : strcmp(tick, "arrived") == 0 ? "已收到" : "缺少";
}

/* What is on the list; before there is one, all that is there. */
static bool any_listed(const struct material *materials, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (materials[i].listed) {
            return true;
        }
    }
    return false;
}

static void put_rows(struct json_writer *json, struct arena *arena,
                     const struct material *materials, size_t count, bool ticks)
{
    bool listed = any_listed(materials, count);
    unsigned row = 0;
    json_key(json, "rows");
    json_list(json);
    for (size_t i = 0; i < count; i++) {
        if (listed && !materials[i].listed) {
            continue;
        }
        json_list(json);
        json_text(json, arena_printf(arena, "%u", ++row));
        json_text(json, materials[i].name);
        json_text(json, materials[i].sha256);
        if (ticks) {
            json_text(json, tick_words(materials[i].tick));
        }
        json_end(json);
    }
    json_end(json);
}

/* A paper with no materials says so instead of showing an empty table. */
static enum fault put_table(const struct composing *c, struct json_writer *json, bool ticks)
{
    static const struct column columns[] = {{"序号", 2, "center"},
                                            {"材料名称", 10, "left"},
                                            {"摘要（SHA-256）", 13, "left"},
                                            {"清点结果", 4, "center"}};
    struct material *materials = NULL;
    size_t count = 0;
    enum fault fault = matter_materials(c->p->ctx, c->p->tx, c->p->matter, &materials, &count);
    if (fault != FAULT_NONE) {
        return fault;
    }
    if (count == 0) {
        put_paragraphs(json, c->p->ctx->arena, "（无书面材料）");
        return FAULT_NONE;
    }
    json_open(json);
    json_key(json, "table");
    json_open(json);
    put_columns(json, columns, ticks ? 4 : 3);
    put_rows(json, c->p->ctx->arena, materials, count, ticks);
    json_close(json);
    json_close(json);
    return FAULT_NONE;
}

static enum fault put_part(const struct composing *c, struct json_writer *json,
                           const struct rules_part *part)
{
    if (!facts_hold(c->p, part->when, part->when_count)) {
        return FAULT_NONE;
    }
    if (part->kind == PART_MATERIALS || part->kind == PART_RECEIPT) {
        return put_table(c, json, part->kind == PART_RECEIPT);
    }
    const char *text = NULL;
    enum fault fault = paper_wording(c, &part->words, &text);
    if (fault == FAULT_NONE && part->kind == PART_HEADING) {
        put_heading(json, part, text);
    } else if (fault == FAULT_NONE) {
        put_paragraphs(json, c->p->ctx->arena, text);
    }
    return fault;
}

static enum fault put_body(const struct composing *c, struct json_writer *json)
{
    enum fault fault = FAULT_NONE;
    json_key(json, "body");
    json_list(json);
    for (size_t i = 0; i < c->rule->parts_count && fault == FAULT_NONE; i++) {
        fault = put_part(c, json, &c->rule->parts[i]);
    }
    json_end(json);
    return fault;
}

static enum fault put_attachments(const struct composing *c, struct json_writer *json)
{
    enum fault fault = FAULT_NONE;
    if (c->rule->attachments_count == 0) {
        return FAULT_NONE;
    }
    json_key(json, "attachments");
    json_list(json);
    for (size_t i = 0; i < c->rule->attachments_count && fault == FAULT_NONE; i++) {
        const char *text = "";
        fault = paper_wording(c, &c->rule->attachments[i], &text);
        json_text(json, text);
    }
    json_end(json);
    return fault;
}

/* The bodies that get a copy: parts nobody has are left out. */
static void put_copies(const struct composing *c, struct json_writer *json)
{
    bool begun = false;
    for (size_t i = 0; i < c->rule->procedure->parties_count; i++) {
        const struct rules_party *party = &c->rule->procedure->parties[i];
        const char *names = (c->rule->copies & 1u << i) == 0 ? NULL : paper_party_names(c, party);
        if (names == NULL || c->p->matter->parties[i] == c->org) {
            continue;
        }
        if (!begun) {
            json_key(json, "copies");
            json_list(json);
            begun = true;
        }
        json_text(json, names);
    }
    if (begun) {
        json_end(json);
    }
}

static void put_day(struct json_writer *json, const char *key, int64_t time_ms)
{
    char day[DATE_TEXT];
    date_format(date_of_ms(time_ms), day);
    json_put_text(json, key, day);
}

/* The file's own date has no milliseconds. */
static void put_created(struct json_writer *json, int64_t time_ms)
{
    char text[24];
    time_t when = (time_t)(time_ms / 1000);
    struct tm parts;
    gmtime_r(&when, &parts);
    (void)strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    json_put_text(json, "created", text);
}

static void put_printed(const struct composing *c, struct json_writer *json)
{
    if (c->rule->format != PAPER_FILE) {
        return;
    }
    json_key(json, "printed");
    json_open(json);
    json_put_text(json, "organ", c->org->name.zh);
    put_day(json, "date", c->p->ctx->now_ms);
    json_close(json);
}

static void put_head(const struct composing *c, struct json_writer *json, const char *title,
                     const char *to)
{
    bool file = c->rule->format == PAPER_FILE;
    const char *organ = c->org->name.zh;
    json_put_text(json, "format", paper_format_code(c->rule->format));
    json_put_text(json, "organ", file ? arena_printf(c->p->ctx->arena, "%s文件", organ) : organ);
    if (c->number != NULL) {
        json_put_text(json, "number", c->number);
    }
    json_put_text(json, "title", title);
    if (to != NULL) {
        json_put_text(json, "to", to);
    }
}

static enum fault put_foot(const struct composing *c, struct json_writer *json)
{
    const char *note = "";
    enum fault fault = put_attachments(c, json);
    json_put_text(json, "signed", c->org->name.zh);
    put_day(json, "date", c->p->ctx->now_ms);
    if (fault == FAULT_NONE && c->rule->note.count > 0) {
        fault = paper_wording(c, &c->rule->note, &note);
        json_put_text(json, "note", note);
    }
    put_copies(c, json);
    put_printed(c, json);
    put_created(json, c->p->ctx->now_ms);
    return fault;
}

enum fault paper_compose(const struct composing *c, const char **ret_title,
                         const char **ret_content)
{
    const char *to = NULL;
    struct buffer text;
    struct json_writer json;
    enum fault fault = paper_wording(c, &c->rule->title, ret_title);
    if (fault == FAULT_NONE) {
        fault = paper_addressee(c, &to);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    buffer_init(&text, c->p->ctx->arena);
    json_writer_init(&json, &text);
    json_open(&json);
    put_head(c, &json, *ret_title, to);
    fault = put_body(c, &json);
    if (fault == FAULT_NONE) {
        fault = put_foot(c, &json);
    }
    json_close(&json);
    *ret_content = text.data;
    return fault;
}

/* The content is an object of ours: more fields go in before its last brace. */
static const char *with_fields(struct arena *arena, const char *content, const char *fields)
{
    size_t count = strlen(content);
    return arena_printf(arena, "%.*s,%s", (int)(count - 1), content, fields + 1);
}

const char *paper_setting(struct arena *arena, const char *content, const char *public_url,
                          const char *check)
{
    struct buffer text;
    struct json_writer json;
    buffer_init(&text, arena);
    json_writer_init(&json, &text);
    json_open(&json);
    json_put_text(&json, "qr", arena_printf(arena, "%s/portal/paper/%s", public_url, check));
    json_put_text(&json, "check", arena_printf(arena, "扫码核验本文真伪\n核验码：%s", check));
    json_close(&json);
    return with_fields(arena, content, text.data);
}

const char *paper_setting_draft(struct arena *arena, const char *content)
{
    return with_fields(arena, content, "{\"draft\":true}");
}

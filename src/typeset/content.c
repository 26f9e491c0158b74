#include "typeset/content.h"

#include "base/buffer.h"
#include "base/text.h"

#include <jansson.h>
#include <stddef.h>
#include <string.h>

enum { TEXT_BYTES_MAX = 200 * 1024 };

/* The plain texts of a paper: where each goes. */
static const struct text_field {
    const char *key;
    size_t place;
} text_fields[] = {
    {"organ", offsetof(struct content, organ)},      {"number", offsetof(struct content, number)},
    {"secrecy", offsetof(struct content, secrecy)},  {"urgency", offsetof(struct content, urgency)},
    {"title", offsetof(struct content, title)},      {"to", offsetof(struct content, to)},
    {"signed", offsetof(struct content, signed_by)}, {"date", offsetof(struct content, date)},
    {"note", offsetof(struct content, note)},        {"qr", offsetof(struct content, qr)},
    {"check", offsetof(struct content, check)},      {"created", offsetof(struct content, created)},
};
enum { TEXT_FIELDS_COUNT = sizeof text_fields / sizeof text_fields[0] };

static const char *const other_fields[] = {"format", "lang",    "draft",      "body",
                                           "copies", "printed", "attachments"};

static void wrong_kind(struct ctx *ctx, const char *path, const char *en, const char *zh)
{
    (void)ctx_field(ctx, path, "This must be %s.%.0s", "%.0s此处应为%s。", en, zh);
}

/* NULL for a text that is missing, null or empty, and for what is no text: that is recorded. */
static const char *read_text(struct ctx *ctx, const char *path, const json_t *value)
{
    if (value == NULL || json_is_null(value)) {
        return NULL;
    }
    if (!json_is_string(value)) {
        wrong_kind(ctx, path, "text", "文本");
        return NULL;
    }
    const char *text = json_string_value(value);
    if (json_string_length(value) > TEXT_BYTES_MAX) {
        wrong_kind(ctx, path, "shorter", "更短的文本");
        return NULL;
    }
    if (text_has_control(text)) {
        wrong_kind(ctx, path, "free of control characters", "不含控制字符的文本");
        return NULL;
    }
    return text[0] == 0 ? NULL : arena_text(ctx->arena, text);
}

/* The place of a word in a list that ends with NULL; what is in no list is recorded. */
static unsigned read_word(struct ctx *ctx, const char *path, const json_t *value,
                          const char *const *words, unsigned otherwise)
{
    if (value == NULL) {
        return otherwise;
    }
    for (unsigned i = 0; json_is_string(value) && words[i] != NULL; i++) {
        if (strcmp(json_string_value(value), words[i]) == 0) {
            return i;
        }
    }
    (void)ctx_field(ctx, path, "This is none of the words known here.", "此处不是可用的取值。");
    return otherwise;
}

static void read_column(struct ctx *ctx, const char *path, const json_t *value,
                        struct content_column *column)
{
    static const char *const aligns[] = {"left", "center", "right", NULL};
    if (!json_is_object(value)) {
        wrong_kind(ctx, path, "an object", "对象");
        return;
    }
    column->label = read_text(ctx, path, json_object_get(value, "label"));
    column->align = (enum align)read_word(ctx, path, json_object_get(value, "align"), aligns, 0);
    const json_t *width = json_object_get(value, "width");
    if (width != NULL) {
        double share = json_number_value(width);
        if (!json_is_number(width) || !(share >= 1 && share <= 1000)) {
            wrong_kind(ctx, path, "a width from 1 to 1000", "1至1000的宽度");
            return;
        }
        column->share = (unsigned)share;
    }
}

static void read_row(struct ctx *ctx, const char *path, const json_t *value,
                     struct content_table *table)
{
    if (!json_is_array(value) || json_array_size(value) != table->columns_count) {
        (void)ctx_field(ctx, path, "A row must have %zu cells.", "每行应有%zu个单元格。",
                        table->columns_count);
        return;
    }
    const char **cells = table->cells + table->rows_count * table->columns_count;
    for (size_t i = 0; i < table->columns_count; i++) {
        cells[i] = read_text(ctx, path, json_array_get(value, i));
    }
    table->rows_count++;
}

static struct content_table *read_table(struct ctx *ctx, const char *path, const json_t *value)
{
    const json_t *columns = json_object_get(value, "columns");
    const json_t *rows = json_object_get(value, "rows");
    size_t columns_count = json_array_size(columns);
    size_t rows_count = json_array_size(rows);
    if (columns_count == 0 || columns_count > COLUMNS_MAX || !json_is_array(rows) ||
        rows_count > ROWS_MAX) {
        (void)ctx_field(ctx, path, "A table has 1 to %d columns and up to %d rows.",
                        "表格应有1至%d列，至多%d行。", COLUMNS_MAX, ROWS_MAX);
        return NULL;
    }
    struct content_table *table = arena_alloc(ctx->arena, sizeof *table);
    table->columns_count = columns_count;
    table->cells = arena_array(ctx->arena, rows_count * columns_count, sizeof *table->cells);
    for (size_t i = 0; i < columns_count; i++) {
        read_column(ctx, arena_printf(ctx->arena, "%s.columns.%zu", path, i),
                    json_array_get(columns, i), &table->columns[i]);
    }
    for (size_t i = 0; i < rows_count; i++) {
        read_row(ctx, arena_printf(ctx->arena, "%s.rows.%zu", path, i), json_array_get(rows, i),
                 table);
    }
    return table;
}

static unsigned read_level(struct ctx *ctx, const char *path, const json_t *value)
{
    if (value == NULL) {
        return 1;
    }
    json_int_t level = json_integer_value(value);
    if (level < 1 || level > LEVEL_MAX) {
        wrong_kind(ctx, path, "a level from 1 to 4", "1至4的层级");
        return 1;
    }
    return (unsigned)level;
}

static void read_item(struct ctx *ctx, const json_t *value, struct content_item *item)
{
    const json_t *text = json_object_get(value, "p");
    const json_t *heading = json_object_get(value, "heading");
    const json_t *table = json_object_get(value, "table");
    size_t known = (text != NULL) + (heading != NULL) + (table != NULL);
    const json_t *level = json_object_get(value, "level");
    if (known != 1 || json_object_size(value) != known + (heading != NULL && level != NULL)) {
        (void)ctx_field(ctx, item->path, "This must be one of p, heading (with level), table.",
                        "此处应为p、heading（可带level）或table之一。");
        return;
    }
    if (table != NULL) {
        item->kind = CONTENT_TABLE;
        item->table = read_table(ctx, item->path, table);
        return;
    }
    item->kind = heading != NULL ? CONTENT_HEADING : CONTENT_TEXT;
    item->text = read_text(ctx, item->path, heading != NULL ? heading : text);
    item->level = read_level(ctx, item->path, level);
}

static void read_body(struct ctx *ctx, const json_t *value, struct content *content)
{
    size_t count = json_array_size(value);
    if (!json_is_array(value) || count > ITEMS_MAX) {
        (void)ctx_field(ctx, "body", "This must be a list of up to %d items.",
                        "此处应为至多%d项的列表。", ITEMS_MAX);
        return;
    }
    content->items = arena_array(ctx->arena, count, sizeof *content->items);
    for (size_t i = 0; i < count; i++) {
        content->items[i].path = arena_printf(ctx->arena, "body.%zu", i);
        read_item(ctx, json_array_get(value, i), &content->items[i]);
    }
    content->items_count = count;
}

static void read_attachments(struct ctx *ctx, const json_t *value, struct content *content)
{
    size_t count = json_array_size(value);
    if (value == NULL) {
        return;
    }
    if (!json_is_array(value) || count > ATTACHMENTS_MAX) {
        (void)ctx_field(ctx, "attachments", "This must be a list of up to %d names.",
                        "此处应为至多%d个名称的列表。", ATTACHMENTS_MAX);
        return;
    }
    content->attachments = arena_array(ctx->arena, count, sizeof *content->attachments);
    for (size_t i = 0; i < count; i++) {
        const char *path = arena_printf(ctx->arena, "attachments.%zu", i);
        const char *name = read_text(ctx, path, json_array_get(value, i));
        if (name != NULL) {
            content->attachments[content->attachments_count++] = name;
        }
    }
}

/* A list of bodies is joined as copies are: 甲，乙。 */
static const char *read_copies(struct ctx *ctx, const json_t *value, enum lang lang)
{
    if (!json_is_array(value)) {
        return read_text(ctx, "copies", value);
    }
    struct buffer text;
    buffer_init(&text, ctx->arena);
    for (size_t i = 0; i < json_array_size(value) && i < ATTACHMENTS_MAX; i++) {
        const char *name = read_text(ctx, "copies", json_array_get(value, i));
        if (name != NULL) {
            buffer_text(&text, text.count == 0 ? "" : lang == LANG_EN ? ", " : "，");
            buffer_text(&text, name);
        }
    }
    if (text.count == 0) {
        return NULL;
    }
    buffer_text(&text, lang == LANG_EN ? "." : "。");
    return text.data;
}

static bool is_known(const char *key)
{
    for (size_t i = 0; i < TEXT_FIELDS_COUNT; i++) {
        if (strcmp(text_fields[i].key, key) == 0) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof other_fields / sizeof other_fields[0]; i++) {
        if (strcmp(other_fields[i], key) == 0) {
            return true;
        }
    }
    return false;
}

static void refuse_unknown(struct ctx *ctx, json_t *object)
{
    const char *key = NULL;
    json_t *value = NULL;
    json_object_foreach(object, key, value)
    {
        if (!is_known(key)) {
            (void)ctx_field(ctx, arena_text(ctx->arena, key), "There is no such field.",
                            "没有此字段。");
        }
    }
}

static bool is_created(const char *text)
{
    static const char form[] = "dddd-dd-ddTdd:dd:ddZ";
    for (size_t i = 0; i < sizeof form; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9';
        if (form[i] == 'd' ? !digit : text[i] != form[i]) {
            return false;
        }
    }
    return true;
}

static void require(struct ctx *ctx, const char *path, const char *text)
{
    if (text == NULL) {
        (void)ctx_field(ctx, path, "This is wanted.", "此项必填。");
    }
}

static void check_whole(struct ctx *ctx, const struct content *content)
{
    require(ctx, "title", content->title);
    if (content->format == FORMAT_LETTER || content->format == FORMAT_FILE) {
        require(ctx, "organ", content->organ);
    }
    if (content->created != NULL && !is_created(content->created)) {
        wrong_kind(ctx, "created", "a time like 2026-10-14T08:00:00Z",
                   "形如2026-10-14T08:00:00Z的时间");
    }
}

static struct content *read_object(struct ctx *ctx, json_t *object)
{
    static const char *const formats[] = {"letter", "file", "plain", "report", NULL};
    static const char *const langs[] = {"zh", "en", NULL};
    struct content *content = arena_alloc(ctx->arena, sizeof *content);
    refuse_unknown(ctx, object);
    const json_t *format = json_object_get(object, "format");
    require(ctx, "format", format == NULL ? NULL : "");
    content->format = (enum paper_format)read_word(ctx, "format", format, formats, 0);
    content->lang = (enum lang)read_word(ctx, "lang", json_object_get(object, "lang"), langs, 0);
    const json_t *draft = json_object_get(object, "draft");
    if (draft != NULL && !json_is_boolean(draft)) {
        wrong_kind(ctx, "draft", "true or false", "true或false");
    }
    content->draft = json_is_true(draft);
    for (size_t i = 0; i < TEXT_FIELDS_COUNT; i++) {
        const char *text =
            read_text(ctx, text_fields[i].key, json_object_get(object, text_fields[i].key));
        memcpy((char *)content + text_fields[i].place, &text, sizeof text);
    }
    read_body(ctx, json_object_get(object, "body"), content);
    read_attachments(ctx, json_object_get(object, "attachments"), content);
    content->copies = read_copies(ctx, json_object_get(object, "copies"), content->lang);
    const json_t *printed = json_object_get(object, "printed");
    if (printed != NULL && !json_is_object(printed)) {
        wrong_kind(ctx, "printed", "an object", "对象");
    }
    content->printed_organ = read_text(ctx, "printed.organ", json_object_get(printed, "organ"));
    content->printed_date = read_text(ctx, "printed.date", json_object_get(printed, "date"));
    check_whole(ctx, content);
    return content;
}

enum fault content_read(struct ctx *ctx, const char *json, size_t count,
                        struct content **ret_content)
{
    json_error_t error;
    json_t *root = json_loadb(json, count, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(root)) {
        json_decref(root);
        return ctx_fail(ctx, FAULT_INVALID_FIELD, "The content is not a JSON object.",
                        "公文内容不是JSON对象。");
    }
    *ret_content = read_object(ctx, root);
    json_decref(root);
    return ctx_fields_fault(ctx);
}

const char *content_day(struct arena *arena, enum lang lang, const char *text)
{
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    int64_t year = 0;
    int64_t month = 0;
    int64_t day = 0;
    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-' ||
        !text_to_int(arena_bytes(arena, text, 4), 1900, 9999, &year) ||
        !text_to_int(arena_bytes(arena, text + 5, 2), 1, 12, &month) ||
        !text_to_int(arena_bytes(arena, text + 8, 2), 1, 31, &day)) {
        return text;
    }
    if (lang == LANG_EN) {
        return arena_printf(arena, "%d %s %d", (int)day, months[month - 1], (int)year);
    }
    return arena_printf(arena, "%d年%d月%d日", (int)year, (int)month, (int)day);
}

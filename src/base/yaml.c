#include "base/yaml.h"

#include "base/file.h"
#include "base/limit.h"
#include "base/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

enum { DEPTH_MAX = 24, NEAREST_MAX = 40 };

struct reading {
    struct yaml_report *report;
    const char *file;
    yaml_parser_t parser;
    bool failed;
};

void yaml_report_init(struct yaml_report *report, struct arena *arena)
{
    *report = (struct yaml_report){.arena = arena};
}

static void add_line(struct yaml_report *report, char *line)
{
    if (report->count == report->capacity) {
        size_t capacity = report->capacity == 0 ? 16 : report->capacity * 2;
        char **lines = arena_array(report->arena, capacity, sizeof *lines);
        if (report->count > 0) {
            memcpy(lines, report->lines, report->count * sizeof *lines);
        }
        report->lines = lines;
        report->capacity = capacity;
    }
    report->lines[report->count++] = line;
}

void yaml_wrong(struct yaml_report *report, const struct yaml_node *at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *message = arena_vprintf(report->arena, format, args);
    va_end(args);
    add_line(report,
             arena_printf(report->arena, "%s:%u:%u: %s", at->file, at->line, at->column, message));
}

static void wrong_at(struct reading *reading, yaml_mark_t mark, const char *message)
{
    reading->failed = true;
    add_line(reading->report, arena_printf(reading->report->arena, "%s:%zu:%zu: %s", reading->file,
                                           mark.line + 1, mark.column + 1, message));
}

static struct yaml_node *node_at(struct reading *reading, enum yaml_kind kind, yaml_mark_t mark)
{
    struct yaml_node *node = arena_alloc(reading->report->arena, sizeof *node);
    node->kind = kind;
    node->file = reading->file;
    node->line = (unsigned)mark.line + 1;
    node->column = (unsigned)mark.column + 1;
    return node;
}

/* Gets the next event; on a syntax mistake reports it and gives false. */
static bool next_event(struct reading *reading, yaml_event_t *event)
{
    if (yaml_parser_parse(&reading->parser, event) != 0) {
        return true;
    }
    const char *problem = reading->parser.problem;
    yaml_mark_t mark = reading->parser.problem_mark;
    wrong_at(reading, mark, problem == NULL ? "the file can not be read as YAML" : problem);
    return false;
}

static struct yaml_node *read_value(struct reading *reading, yaml_event_t *event, unsigned depth);

static struct yaml_node *read_scalar(struct reading *reading, const yaml_event_t *event)
{
    struct yaml_node *node = node_at(reading, YAML_SCALAR, event->start_mark);
    const char *value = (const char *)event->data.scalar.value;
    if (event->data.scalar.anchor != NULL || event->data.scalar.tag != NULL) {
        wrong_at(reading, event->start_mark, "anchors and tags are not used here");
        return NULL;
    }
    if (!text_is_utf8(value, event->data.scalar.length)) {
        wrong_at(reading, event->start_mark, "the text is not valid UTF-8");
        return NULL;
    }
    node->text = arena_bytes(reading->report->arena, value, event->data.scalar.length);
    node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    return node;
}

static bool key_repeats(const struct yaml_node *mapping, const char *key)
{
    return yaml_get(mapping, key) != NULL;
}

static struct yaml_node *read_key(struct reading *reading, const yaml_event_t *event,
                                  const struct yaml_node *mapping)
{
    if (event->type != YAML_SCALAR_EVENT) {
        wrong_at(reading, event->start_mark, "a key must be a plain word");
        return NULL;
    }
    struct yaml_node *key = read_scalar(reading, event);
    if (key != NULL && key_repeats(mapping, key->text)) {
        wrong_at(reading, event->start_mark, "this key stands twice");
        return NULL;
    }
    return key;
}

/* Reads one child (with its key in a mapping); NULL at the end or on a mistake. */
static struct yaml_node *read_child(struct reading *reading, struct yaml_node *parent,
                                    unsigned depth)
{
    yaml_event_t event;
    if (!next_event(reading, &event)) {
        return NULL;
    }
    struct yaml_node *key = NULL;
    if (event.type == YAML_MAPPING_END_EVENT || event.type == YAML_SEQUENCE_END_EVENT) {
        yaml_event_delete(&event);
        return NULL;
    }
    if (parent->kind == YAML_MAPPING) {
        key = read_key(reading, &event, parent);
        yaml_event_delete(&event);
        if (key == NULL || !next_event(reading, &event)) {
            return NULL;
        }
    }
    struct yaml_node *child = read_value(reading, &event, depth + 1);
    if (child != NULL) {
        child->key = key;
    }
    return child;
}

static struct yaml_node *read_children(struct reading *reading, struct yaml_node *parent,
                                       unsigned depth)
{
    struct yaml_node **tail = &parent->children;
    for (;;) {
        struct yaml_node *child = read_child(reading, parent, depth);
        if (child == NULL) {
            return reading->failed ? NULL : parent;
        }
        *tail = child;
        tail = &child->next;
        parent->count++;
    }
}

/* Takes ownership of the event. */
static struct yaml_node *read_value(struct reading *reading, yaml_event_t *event, unsigned depth)
{
    struct yaml_node *node = NULL;
    yaml_mark_t mark = event->start_mark;
    yaml_event_type_t type = event->type;
    bool decorated =
        (type == YAML_SEQUENCE_START_EVENT &&
         (event->data.sequence_start.anchor != NULL || event->data.sequence_start.tag != NULL)) ||
        (type == YAML_MAPPING_START_EVENT &&
         (event->data.mapping_start.anchor != NULL || event->data.mapping_start.tag != NULL));
    if (type == YAML_SCALAR_EVENT) {
        node = read_scalar(reading, event);
    } else if (type == YAML_ALIAS_EVENT || decorated) {
        wrong_at(reading, mark, "anchors, aliases and tags are not used here");
    } else if (depth >= DEPTH_MAX) {
        wrong_at(reading, mark, "nested too deeply");
    } else if (type == YAML_MAPPING_START_EVENT || type == YAML_SEQUENCE_START_EVENT) {
        enum yaml_kind kind = type == YAML_MAPPING_START_EVENT ? YAML_MAPPING : YAML_SEQUENCE;
        node = node_at(reading, kind, mark);
    } else {
        wrong_at(reading, mark, "a value is missing");
    }
    yaml_event_delete(event);
    if (node != NULL && node->kind != YAML_SCALAR) {
        node = read_children(reading, node, depth);
    }
    return node;
}

/* Moves to the document's content; false on a mistake or an empty file. */
static bool to_content(struct reading *reading, yaml_event_t *event)
{
    for (;;) {
        if (!next_event(reading, event)) {
            return false;
        }
        if (event->type == YAML_STREAM_END_EVENT) {
            wrong_at(reading, event->start_mark, "the file is empty");
            yaml_event_delete(event);
            return false;
        }
        if (event->type != YAML_STREAM_START_EVENT && event->type != YAML_DOCUMENT_START_EVENT) {
            return true;
        }
        yaml_event_delete(event);
    }
}

static void check_end(struct reading *reading)
{
    yaml_event_t event;
    for (bool done = false; !done && next_event(reading, &event);) {
        done = event.type == YAML_STREAM_END_EVENT;
        if (!done && event.type != YAML_DOCUMENT_END_EVENT) {
            wrong_at(reading, event.start_mark, "a second document is not used here");
            done = true;
        }
        yaml_event_delete(&event);
    }
}

struct yaml_node *yaml_parse(struct yaml_report *report, const char *file, const char *data,
                             size_t count)
{
    struct reading reading = {.report = report, .file = arena_text(report->arena, file)};
    int ready = yaml_parser_initialize(&reading.parser);
    assert(ready == 1);
    yaml_parser_set_encoding(&reading.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reading.parser, (const unsigned char *)data, count);
    struct yaml_node *root = NULL;
    yaml_event_t event;
    if (to_content(&reading, &event)) {
        root = read_value(&reading, &event, 0);
    }
    if (root != NULL) {
        check_end(&reading);
    }
    yaml_parser_delete(&reading.parser);
    return reading.failed ? NULL : root;
}

struct yaml_node *yaml_load(struct ctx *ctx, struct yaml_report *report, const char *path)
{
    char *data = NULL;
    size_t count = 0;
    enum fault fault = file_read(ctx, path, LIMIT_RULE_FILE_BYTES, &data, &count);
    if (fault != FAULT_NONE) {
        add_line(report, arena_printf(report->arena, "%s:1:1: %s", path, ctx->note));
        return NULL;
    }
    return yaml_parse(report, path, data, count);
}

struct yaml_node *yaml_get(const struct yaml_node *mapping, const char *key)
{
    if (mapping == NULL || mapping->kind != YAML_MAPPING) {
        return NULL;
    }
    for (struct yaml_node *child = mapping->children; child != NULL; child = child->next) {
        if (strcmp(child->key->text, key) == 0) {
            return child;
        }
    }
    return NULL;
}

/* Levenshtein distance, for words of at most NEAREST_MAX bytes. */
static unsigned distance(const char *a, const char *b)
{
    unsigned row[NEAREST_MAX + 1];
    size_t width = strlen(b);
    for (size_t j = 0; j <= width; j++) {
        row[j] = (unsigned)j;
    }
    for (size_t i = 1; a[i - 1] != 0; i++) {
        unsigned diagonal = row[0];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= width; j++) {
            unsigned above = row[j];
            unsigned best = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            best = above + 1 < best ? above + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            diagonal = above;
            row[j] = best;
        }
    }
    return row[width];
}

const char *yaml_nearest(const char *word, const char *const *words)
{
    const char *nearest = NULL;
    unsigned best = 3;
    for (; *words != NULL; words++) {
        if (strlen(word) > NEAREST_MAX || strlen(*words) > NEAREST_MAX) {
            continue;
        }
        unsigned away = distance(word, *words);
        if (away < best) {
            best = away;
            nearest = *words;
        }
    }
    return nearest;
}

static bool listed(const char *word, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (strcmp(word, *words) == 0) {
            return true;
        }
    }
    return false;
}

void yaml_only(struct yaml_report *report, const struct yaml_node *mapping,
               const char *const *allowed)
{
    if (mapping == NULL) {
        return;
    }
    if (mapping->kind != YAML_MAPPING) {
        yaml_wrong(report, mapping, "a list of keys is expected here");
        return;
    }
    for (const struct yaml_node *child = mapping->children; child != NULL; child = child->next) {
        if (listed(child->key->text, allowed)) {
            continue;
        }
        const char *nearest = yaml_nearest(child->key->text, allowed);
        yaml_wrong(report, child->key, "unknown key '%s'%s%s%s", child->key->text,
                   nearest == NULL ? "" : "; did you mean '", nearest == NULL ? "" : nearest,
                   nearest == NULL ? "" : "'?");
    }
}

const char *yaml_text(struct yaml_report *report, const struct yaml_node *mapping, const char *key,
                      bool required)
{
    const struct yaml_node *node = yaml_get(mapping, key);
    if (node == NULL) {
        if (required) {
            yaml_wrong(report, mapping, "key '%s' is missing", key);
        }
        return NULL;
    }
    if (node->kind != YAML_SCALAR || node->text[0] == 0) {
        yaml_wrong(report, node, "'%s' must be a text", key);
        return NULL;
    }
    return node->text;
}

int64_t yaml_int(struct yaml_report *report, const struct yaml_node *mapping, const char *key,
                 int64_t min, int64_t max, int64_t fallback)
{
    const struct yaml_node *node = yaml_get(mapping, key);
    int64_t value = fallback;
    if (node != NULL && (node->kind != YAML_SCALAR || !text_to_int(node->text, min, max, &value))) {
        yaml_wrong(report, node, "'%s' must be a whole number from %lld to %lld", key,
                   (long long)min, (long long)max);
        return fallback;
    }
    return value;
}

bool yaml_bool(struct yaml_report *report, const struct yaml_node *mapping, const char *key,
               bool fallback)
{
    const struct yaml_node *node = yaml_get(mapping, key);
    if (node == NULL) {
        return fallback;
    }
    bool yes = node->kind == YAML_SCALAR && strcmp(node->text, "true") == 0;
    bool no = node->kind == YAML_SCALAR && strcmp(node->text, "false") == 0;
    if (!yes && !no) {
        yaml_wrong(report, node, "'%s' must be true or false", key);
        return fallback;
    }
    return yes;
}

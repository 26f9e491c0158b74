#include "base/json_writer.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

void json_writer_init(struct json_writer *writer, struct buffer *buffer)
{
    *writer = (struct json_writer){.buffer = buffer};
}

static void before_value(struct json_writer *writer)
{
    if (writer->after_key) {
        writer->after_key = false;
        return;
    }
    if (writer->comma[writer->depth]) {
        buffer_char(writer->buffer, ',');
    }
    writer->comma[writer->depth] = true;
}

static void enter(struct json_writer *writer, char c)
{
    before_value(writer);
    assert(writer->depth < JSON_WRITER_DEPTH);
    writer->comma[++writer->depth] = false;
    buffer_char(writer->buffer, c);
}

static void leave(struct json_writer *writer, char c)
{
    assert(writer->depth > 0 && !writer->after_key);
    writer->depth--;
    buffer_char(writer->buffer, c);
}

void json_open(struct json_writer *writer)
{
    enter(writer, '{');
}

void json_close(struct json_writer *writer)
{
    leave(writer, '}');
}

void json_list(struct json_writer *writer)
{
    enter(writer, '[');
}

void json_end(struct json_writer *writer)
{
    leave(writer, ']');
}

static void quoted(struct buffer *buffer, const char *text)
{
    buffer_char(buffer, '"');
    const char *run = text;
    for (const char *p = text; *p != 0; p++) {
        unsigned char c = (unsigned char)*p;
        if (c >= 0x20 && c != '"' && c != '\\') {
            continue;
        }
        buffer_add(buffer, run, (size_t)(p - run));
        run = p + 1;
        if (c == '"' || c == '\\') {
            buffer_char(buffer, '\\');
            buffer_char(buffer, (char)c);
        } else if (c == '\n') {
            buffer_text(buffer, "\\n");
        } else {
            char escape[8];
            (void)snprintf(escape, sizeof escape, "\\u%04x", c);
            buffer_text(buffer, escape);
        }
    }
    buffer_text(buffer, run);
    buffer_char(buffer, '"');
}

void json_key(struct json_writer *writer, const char *key)
{
    assert(!writer->after_key);
    before_value(writer);
    quoted(writer->buffer, key);
    buffer_char(writer->buffer, ':');
    writer->after_key = true;
}

void json_text(struct json_writer *writer, const char *text)
{
    if (text == NULL) {
        json_none(writer);
        return;
    }
    before_value(writer);
    quoted(writer->buffer, text);
}

void json_int(struct json_writer *writer, int64_t value)
{
    char digits[24];
    (void)snprintf(digits, sizeof digits, "%" PRId64, value);
    before_value(writer);
    buffer_text(writer->buffer, digits);
}

void json_bool(struct json_writer *writer, bool value)
{
    json_raw(writer, value ? "true" : "false");
}

void json_none(struct json_writer *writer)
{
    json_raw(writer, "null");
}

void json_raw(struct json_writer *writer, const char *json)
{
    before_value(writer);
    buffer_text(writer->buffer, json);
}

void json_put_text(struct json_writer *writer, const char *key, const char *text)
{
    json_key(writer, key);
    json_text(writer, text);
}

void json_put_int(struct json_writer *writer, const char *key, int64_t value)
{
    json_key(writer, key);
    json_int(writer, value);
}

void json_put_bool(struct json_writer *writer, const char *key, bool value)
{
    json_key(writer, key);
    json_bool(writer, value);
}

void json_put_label(struct json_writer *writer, const char *key, const struct label *label)
{
    json_key(writer, key);
    json_open(writer);
    json_put_text(writer, "zh", label->zh);
    json_put_text(writer, "en", label->en);
    json_close(writer);
}

void json_put_time(struct json_writer *writer, const char *key, int64_t time_ms)
{
    int64_t seconds = time_ms >= 0 ? time_ms / 1000 : (time_ms - 999) / 1000;
    time_t when = (time_t)seconds;
    struct tm parts;
    gmtime_r(&when, &parts);
    char text[40];
    size_t used = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
    (void)snprintf(text + used, sizeof text - used, ".%03dZ", (int)(time_ms - seconds * 1000));
    json_put_text(writer, key, text);
}

#pragma once
/*
 * Writes JSON by appending: seven times faster than building a tree, and the only way we make it.
 * Commas and quoting are its business; nesting is checked by assertions. Text must be valid UTF-8.
 * In objects give the key first: json_key(w, "id"); json_text(w, id). NULL text writes null.
 */
#include "base/buffer.h"
#include "base/lang.h"

#include <stdbool.h>
#include <stdint.h>

enum { JSON_WRITER_DEPTH = 32 };

struct json_writer {
    struct buffer *buffer;
    unsigned depth;
    bool comma[JSON_WRITER_DEPTH + 1];
    bool after_key;
};

void json_writer_init(struct json_writer *writer, struct buffer *buffer);
void json_open(struct json_writer *writer);  /* { */
void json_close(struct json_writer *writer); /* } */
void json_list(struct json_writer *writer);  /* [ */
void json_end(struct json_writer *writer);   /* ] */
void json_key(struct json_writer *writer, const char *key);
void json_text(struct json_writer *writer, const char *text);
void json_int(struct json_writer *writer, int64_t value);
void json_bool(struct json_writer *writer, bool value);
void json_none(struct json_writer *writer);
/* Puts JSON made elsewhere, as it is. */
void json_raw(struct json_writer *writer, const char *json);
/* Key and value in one call. */
void json_put_text(struct json_writer *writer, const char *key, const char *text);
void json_put_int(struct json_writer *writer, const char *key, int64_t value);
void json_put_bool(struct json_writer *writer, const char *key, bool value);
/* {"zh": ..., "en": ...} */
void json_put_label(struct json_writer *writer, const char *key, const struct label *label);
/* RFC 3339 in UTC with milliseconds: 2021-09-17T08:40:00.000Z. */
void json_put_time(struct json_writer *writer, const char *key, int64_t time_ms);

#pragma once
/*
 * Ids of rows: 63-bit numbers we make ourselves, so that both databases behave alike and rows made
 * together lie together. 42 bits of milliseconds since 2020, 21 random bits. Outside the program an
 * id is 13 characters of Crockford base 32, because JavaScript loses integers above 2^53.
 * The ids of one process only grow. Two processes that make a few in the same millisecond meet
 * about once in thirty thousand; then the primary key refuses the second, and the writer runs its
 * work again with new ids (store/writer.c).
 */
#include <stdbool.h>
#include <stdint.h>

enum { ID_TEXT = 14 }; /* 13 characters and the zero byte. */

/* A new id for something made at `now_ms`; always > 0. */
int64_t id_make(int64_t now_ms);
void id_format(int64_t id, char ret_text[ID_TEXT]);
/* Only the exact form id_format gives (any case); false otherwise. */
bool id_parse(const char *text, int64_t *ret_id);

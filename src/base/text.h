#pragma once
/* Text helpers. All text inside is valid UTF-8 that ends with a zero byte. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Strict UTF-8 (no overlong forms, no surrogates, nothing above U+10FFFF), no zero byte. */
bool text_is_utf8(const char *bytes, size_t count);
/* Characters (code points) of valid UTF-8. */
size_t text_length(const char *text);
/* Reads one code point and moves on; returns 0 at the end. `*text` must be valid UTF-8. */
uint32_t text_next(const char **text);
bool text_equal(const char *a, const char *b);
bool text_starts(const char *text, const char *prefix);
/* Control characters other than tab and line feed, or bidirectional overrides (U+202A.., U+2066..).
 */
bool text_has_control(const char *text);
/* Reads a whole decimal number within [min, max]; false if there is anything else. */
bool text_to_int(const char *text, int64_t min, int64_t max, int64_t *ret_value);
/* Two lower-case hex digits for each byte; `ret_hex` has room for 2 * count + 1. */
void text_hex(const uint8_t *bytes, size_t count, char *ret_hex);
/* The reverse; false if text is not exactly 2 * count hex digits. */
bool text_unhex(const char *hex, uint8_t *ret_bytes, size_t count);

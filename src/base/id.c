#include "base/id.h"

#include "base/random.h"

#include <assert.h>
#include <stdatomic.h>
#include <string.h>

static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
static const int64_t epoch_ms = 1577836800000; /* 2020-01-01T00:00:00Z */

/* The last id this process made: ids of one process only grow, so they never collide with each
 * other and events lie in the order in which the writer made them. */
static _Atomic int64_t last_id;

int64_t id_make(int64_t now_ms)
{
    uint64_t since = now_ms > epoch_ms ? (uint64_t)(now_ms - epoch_ms) : 0;
    assert(since < (uint64_t)1 << 42);
    int64_t last = atomic_load(&last_id);
    int64_t id = 0;
    do {
        /* Only the first of a millisecond is random: the larger of the two would drift to the top
         * of the random part, where all processes meet. */
        bool first = (int64_t)since > last >> 21;
        id = first ? (int64_t)(since << 21 | random_below(1u << 20)) : last + 1;
    } while (!atomic_compare_exchange_weak(&last_id, &last, id));
    return id;
}

void id_format(int64_t id, char ret_text[ID_TEXT])
{
    assert(id > 0);
    uint64_t rest = (uint64_t)id;
    for (int i = ID_TEXT - 2; i >= 0; i--) {
        ret_text[i] = alphabet[rest & 31];
        rest >>= 5;
    }
    ret_text[ID_TEXT - 1] = 0;
}

bool id_parse(const char *text, int64_t *ret_id)
{
    if (strlen(text) != ID_TEXT - 1) {
        return false;
    }
    uint64_t value = 0;
    for (const char *p = text; *p != 0; p++) {
        char c = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;
        const char *at = strchr(alphabet, c);
        if (at == NULL) {
            return false;
        }
        value = value << 5 | (uint64_t)(at - alphabet);
    }
    /* 13 characters hold 65 bits: the first must leave the sign clear. */
    if (strchr("01234567", text[0]) == NULL || value == 0 || value > INT64_MAX) {
        return false;
    }
    *ret_id = (int64_t)value;
    return true;
}

/*
 * The same action again, with other ids: every recorded id, its 13-character form inside texts, the
 * reference (as such and in the small letters of the searched words) and the key are replaced, at
 * the same length, wherever they stand.
 */
#include "bare.h"
#include "base/id.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { TEXT_MAX = 64 };

/* A place inside a copied text, and which text belongs there. */
struct spot {
    char *at;
    unsigned which;
    bool small;
};

struct turning {
    struct statement statements[STATEMENTS_MAX];
    size_t count;
    struct {
        struct sql_value *value;
        size_t id;
    } numbers[STATEMENTS_MAX * 4];
    size_t numbers_count;
    struct spot *spots;
    size_t spots_count;
    /* What is replaced: the ids' texts, then reference, then key. */
    char texts[IDS_MAX + 2][TEXT_MAX];
    unsigned texts_count;
    int64_t ids[IDS_MAX];
    size_t ids_count;
    unsigned thread;
    unsigned long turn;
};

static void add_spot(struct turning *turning, char *at, unsigned which, bool small)
{
    size_t size = (turning->spots_count + 1) * sizeof *turning->spots;
    turning->spots = realloc(turning->spots, size);
    if (turning->spots == NULL) {
        abort();
    }
    turning->spots[turning->spots_count++] = (struct spot){at, which, small};
}

/* The searched words hold a reference in two runs: "xz20261125 7k3fq"; its tail is what differs. */
static void find_spots(struct turning *turning, char *text)
{
    for (unsigned which = 0; which < turning->texts_count; which++) {
        const char *wanted = turning->texts[which];
        for (char *at = strcasestr(text, wanted); at != NULL; at = strcasestr(at + 1, wanted)) {
            add_spot(turning, at, which, strncmp(at, wanted, strlen(wanted)) != 0);
        }
    }
}

static void take_value(struct turning *turning, struct sql_value *value)
{
    if (value->kind == SQL_TEXT) {
        char *copy = strdup(value->data);
        if (copy == NULL) {
            abort();
        }
        find_spots(turning, copy);
        value->data = copy;
        return;
    }
    for (size_t i = 0; value->kind == SQL_INT && i < turning->ids_count; i++) {
        if (value->integer == turning->ids[i]) {
            turning->numbers[turning->numbers_count].value = value;
            turning->numbers[turning->numbers_count++].id = i;
        }
    }
}

static void take_texts(struct turning *turning, const struct recording *recording)
{
    for (size_t i = 0; i < recording->ids_count; i++) {
        turning->ids[i] = recording->ids[i];
        id_format(recording->ids[i], turning->texts[i]);
    }
    turning->ids_count = recording->ids_count;
    const char *tail = strchr(recording->reference, '-') + 1;
    (void)snprintf(turning->texts[turning->ids_count], TEXT_MAX, "%s", tail);
    (void)snprintf(turning->texts[turning->ids_count + 1], TEXT_MAX, "%s", recording->key);
    turning->texts_count = (unsigned)turning->ids_count + 2;
}

struct turning *turning_create(const struct recording *recording, unsigned thread)
{
    struct turning *turning = calloc(1, sizeof *turning);
    if (turning == NULL) {
        abort();
    }
    turning->thread = thread;
    take_texts(turning, recording);
    turning->count = recording->count;
    memcpy(turning->statements, recording->statements, sizeof turning->statements);
    for (size_t i = 0; i < turning->count; i++) {
        for (size_t j = 0; j < turning->statements[i].args_count; j++) {
            take_value(turning, &turning->statements[i].args[j]);
        }
    }
    return turning;
}

static void make_texts(struct turning *turning)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    for (size_t i = 0; i < turning->ids_count; i++) {
        id_format(turning->ids[i], turning->texts[i]);
    }
    char *tail = turning->texts[turning->ids_count];
    /* 32^5 references: 2^21 turns for each of 16 threads, spread so that neighbours aren't alike.
     */
    unsigned long number = (turning->thread << 21 | (turning->turn & 0x1FFFFF)) * 7919 & 0x1FFFFFF;
    for (size_t i = 0; tail[i] != 0; i++) {
        tail[i] = alphabet[number & 31];
        number >>= 5;
    }
    char *key = turning->texts[turning->ids_count + 1];
    size_t length = strlen(key);
    (void)snprintf(key, length + 1, "%02u%0*lu", turning->thread, (int)length - 2, turning->turn);
}

void turning_next(struct turning *turning)
{
    turning->turn++;
    /* Upwards, as the engine's ids go; each thread in a range of its own. */
    int64_t step = turning->turn == 1 ? (int64_t)(turning->thread + 1) << 44 : 1 << 21;
    for (size_t i = 0; i < turning->ids_count; i++) {
        turning->ids[i] += step;
    }
    make_texts(turning);
    for (size_t i = 0; i < turning->numbers_count; i++) {
        turning->numbers[i].value->integer = turning->ids[turning->numbers[i].id];
    }
    for (size_t i = 0; i < turning->spots_count; i++) {
        const struct spot *spot = &turning->spots[i];
        const char *text = turning->texts[spot->which];
        for (size_t j = 0; text[j] != 0; j++) {
            spot->at[j] = spot->small ? (char)tolower((unsigned char)text[j]) : text[j];
        }
    }
}

const struct statement *turning_statements(const struct turning *turning, size_t *ret_count)
{
    *ret_count = turning->count;
    return turning->statements;
}

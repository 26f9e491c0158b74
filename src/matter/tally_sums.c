/* Sums by key: a hash table with open addressing, in an arena. */
#include "calendar/date.h"
#include "matter/tally_inner.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 256 };

void tally_sums_init(struct tally_sums *sums, struct arena *arena)
{
    *sums = (struct tally_sums){.arena = arena, .capacity = FIRST_CAPACITY};
    sums->slots = arena_array(arena, sums->capacity, sizeof *sums->slots);
}

/* FNV-1a over the key. */
static uint64_t mix(uint64_t hash, const void *data, size_t bytes)
{
    const uint8_t *at = data;
    for (size_t i = 0; i < bytes; i++) {
        hash = (hash ^ at[i]) * 1099511628211u;
    }
    return hash;
}

static uint64_t hash_of(const struct tally_row *row)
{
    uint64_t hash = mix(14695981039346656037u, &row->unit, sizeof row->unit);
    hash = mix(hash, &row->period, sizeof row->period);
    hash = mix(hash, row->measure, strlen(row->measure) + 1);
    hash = mix(hash, row->body, strlen(row->body) + 1);
    return mix(hash, row->split, strlen(row->split) + 1);
}

static int compare(const void *one, const void *two)
{
    const struct tally_row *a = one;
    const struct tally_row *b = two;
    if (a->unit != b->unit) {
        return a->unit < b->unit ? -1 : 1;
    }
    if (a->period != b->period) {
        return a->period < b->period ? -1 : 1;
    }
    int order = strcmp(a->measure, b->measure);
    order = order != 0 ? order : strcmp(a->body, b->body);
    return order != 0 ? order : strcmp(a->split, b->split);
}

/* Where the key is, or would be. */
static struct tally_row *slot_of(const struct tally_sums *sums, const struct tally_row *key)
{
    size_t place = hash_of(key) & (sums->capacity - 1);
    while (sums->slots[place].measure != NULL && compare(&sums->slots[place], key) != 0) {
        place = (place + 1) & (sums->capacity - 1);
    }
    return &sums->slots[place];
}

static void grow(struct tally_sums *sums)
{
    struct tally_sums larger = *sums;
    larger.capacity = sums->capacity * 2;
    larger.slots = arena_array(sums->arena, larger.capacity, sizeof *larger.slots);
    for (size_t i = 0; i < sums->capacity; i++) {
        if (sums->slots[i].measure != NULL) {
            *slot_of(&larger, &sums->slots[i]) = sums->slots[i];
        }
    }
    *sums = larger;
}

void tally_sums_add(struct tally_sums *sums, const struct tally_row *row)
{
    struct tally_row *slot = slot_of(sums, row);
    if (slot->measure != NULL) {
        slot->amount += row->amount;
        slot->days += row->days;
        return;
    }
    if (sums->count + 1 > sums->capacity / 2) {
        grow(sums);
        slot = slot_of(sums, row);
    }
    sums->count++;
    *slot = *row;
    slot->measure = arena_text(sums->arena, row->measure);
    slot->body = arena_text(sums->arena, row->body);
    slot->split = arena_text(sums->arena, row->split);
}

const struct tally_row *tally_sums_find(const struct tally_sums *sums, const struct tally_row *key)
{
    const struct tally_row *slot = slot_of(sums, key);
    return slot->measure == NULL ? NULL : slot;
}

struct tally_row *tally_sums_sorted(const struct tally_sums *sums)
{
    struct tally_row *rows = arena_array(sums->arena, sums->count + 1, sizeof *rows);
    size_t count = 0;
    for (size_t i = 0; i < sums->capacity; i++) {
        if (sums->slots[i].measure != NULL) {
            rows[count++] = sums->slots[i];
        }
    }
    qsort(rows, count, sizeof *rows, compare);
    return rows;
}

int tally_month_of(int32_t day)
{
    int year = 0;
    unsigned month = 0;
    unsigned in_month = 0;
    date_split(day, &year, &month, &in_month);
    return year * 12 + (int)month - 1;
}

void tally_sums_add_entry(struct tally_sums *sums, int32_t day, const char *counts)
{
    struct tally_scan scan = {.at = counts};
    int month = tally_month_of(day);
    while (tally_next(&scan)) {
        scan.row.unit = UNIT_DAY;
        scan.row.period = day;
        tally_sums_add(sums, &scan.row);
        scan.row.unit = UNIT_MONTH;
        scan.row.period = month;
        tally_sums_add(sums, &scan.row);
    }
}

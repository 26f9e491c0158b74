#pragma once
/* Private to calendar: the table of days. Immutable after loading. */
#include "base/arena.h"
#include "base/lang.h"
#include "calendar/calendar.h"

/* What a year's days come from. */
struct calendar_year {
    int year;
    const char *notice; /* NULL: provisional. */
};

struct calendar {
    struct arena *arena;
    int32_t first; /* Day number of index 0. */
    int32_t count;
    uint8_t *kinds;             /* enum day_kind by index. */
    const struct label **names; /* The holiday of a day off or make-up day, else NULL. */
    int32_t *worked;    /* worked[i]: working days among the days before index i; count + 1. */
    int32_t *work_days; /* The index of the n-th working day. */
    int32_t work_days_count;
    int32_t published_until;
    struct calendar_year *years;
    size_t years_count;
    char edition[17];
};

/* The year's row; NULL outside the table. */
const struct calendar_year *table_year(const struct calendar *calendar, int32_t date);
bool table_has(const struct calendar *calendar, int32_t date);

#pragma once
/* The counting rules told a second time, day by day and without any table of sums: what count.c and
 * explain.c are compared with. */
#include "calendar/calendar.h"
#include "calendar/date.h"
#include "check.h"

static struct calendar *the_calendar;

static inline int calendar_setup(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    enum fault fault = calendar_load(&ctx, SOURCE_DIR "/calendars/cn.yaml", &the_calendar);
    if (fault != FAULT_NONE) {
        (void)fprintf(stderr, "%s\n", ctx.note);
    }
    return fault == FAULT_NONE ? 0 : -1;
}

static inline int calendar_teardown(void **state)
{
    (void)state;
    calendar_destroy(the_calendar);
    return 0;
}

static inline int32_t day_of(const char *text)
{
    int32_t date = 0;
    if (!date_parse(text, &date)) {
        fail_msg("%s is no day", text);
    }
    return date;
}

static inline bool slow_paused(const struct pause *pauses, size_t count, int32_t date)
{
    for (size_t i = 0; i < count; i++) {
        /* Some moment of the day lies in the pause. */
        if (pauses[i].from_ms < date_start_ms(date + 1) &&
            pauses[i].until_ms > date_start_ms(date)) {
            return true;
        }
    }
    return false;
}

static inline bool slow_works(int32_t date)
{
    enum day_kind kind = calendar_day(the_calendar, date);
    return kind == DAY_WORK || kind == DAY_MAKEUP;
}

static inline int32_t slow_same_day(int32_t from, unsigned months)
{
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    date_split(from, &year, &month, &day);
    for (unsigned i = 0; i < months; i++) {
        month = month == 12 ? 1 : month + 1;
        year += month == 1 ? 1 : 0;
    }
    char text[16];
    int32_t date = 0;
    do {
        (void)snprintf(text, sizeof text, "%04d-%02u-%02u", year, month, day--);
    } while (!date_parse(text, &date));
    return date;
}

static inline int32_t slow_due(int32_t from, const struct span *span, const struct pause *pauses,
                               size_t count)
{
    int32_t date = from;
    if (span->unit == SPAN_WORKING_DAY || span->unit == SPAN_DAY) {
        for (uint32_t left = span->count; left > 0;) {
            date++;
            bool counts = span->unit == SPAN_DAY || slow_works(date);
            left -= counts && !slow_paused(pauses, count, date) ? 1 : 0;
        }
    } else {
        int32_t last =
            slow_same_day(from, span->unit == SPAN_YEAR ? span->count * 12 : span->count);
        for (date = from + 1; date < last || slow_paused(pauses, count, date); date++) {
            last += slow_paused(pauses, count, date) ? 1 : 0;
        }
    }
    while (span->unit != SPAN_WORKING_DAY && !slow_works(date)) {
        date++;
    }
    return date;
}

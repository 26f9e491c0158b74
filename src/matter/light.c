/* Lights and remaining time: derived on reading, never stored. */
#include "calendar/date.h"
#include "matter/matter.h"

#include <assert.h>

enum { HOUR_MS = 3600 * 1000 };

const char *light_code(enum light light)
{
    static const char *const codes[] = {"green", "yellow", "red", "grey", "met", "late", "lifted"};
    assert((size_t)light < sizeof codes / sizeof codes[0]);
    return codes[light];
}

static enum light ended_light(const struct clock *clock)
{
    switch (clock->ended[0]) {
    case 'm':
        return LIGHT_MET;
    case 'l':
        return clock->ended[1] == 'a' ? LIGHT_LATE : LIGHT_LIFTED;
    default:
        assert(!"an ending outside met, late, lifted");
        return LIGHT_LIFTED;
    }
}

enum light clock_light(const struct office *office, const struct clock *clock, int64_t now_ms)
{
    if (clock->ended_ms != 0) {
        return ended_light(clock);
    }
    if (clock->paused_ms != 0) {
        return LIGHT_GREY;
    }
    if (now_ms >= clock->due_ms) {
        return LIGHT_RED;
    }
    int32_t left = calendar_working_days(office->calendar, date_of_ms(now_ms), clock->due_date);
    return left <= (int32_t)office->yellow_days ? LIGHT_YELLOW : LIGHT_GREEN;
}

int64_t clock_remaining(const struct office *office, const struct clock *clock, int64_t now_ms)
{
    bool overdue = now_ms >= clock->due_ms;
    if (clock->within.unit == SPAN_HOUR) {
        int64_t ms = clock->due_ms - now_ms;
        return overdue ? -(1 + (-ms) / HOUR_MS) : ms / HOUR_MS;
    }
    int32_t today = date_of_ms(now_ms);
    if (!overdue) {
        return calendar_working_days(office->calendar, today, clock->due_date);
    }
    int32_t over = calendar_working_days(office->calendar, clock->due_date, today);
    return over < 1 ? -1 : -over;
}

int64_t clock_yellow_until_ms(const struct office *office, struct ctx *ctx, int64_t now_ms)
{
    struct span span = {.count = office->yellow_days + 1, .unit = SPAN_WORKING_DAY};
    struct due due;
    enum fault fault = calendar_due(office->calendar, ctx, now_ms, &span, NULL, 0, &due);
    /* Outside the calendar nothing is yellow. */
    return fault == FAULT_NONE ? date_start_ms(due.date) : now_ms;
}

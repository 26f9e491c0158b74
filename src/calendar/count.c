/* The arithmetic: every answer in O(1), or O(number of pauses). */
#include "base/limit.h"
#include "calendar/date.h"
#include "calendar/table.h"

#include <assert.h>
#include <string.h>

static const int64_t hour_ms = 3600000;

bool span_parse(const char *text, struct span *ret_span)
{
    uint32_t count = 0;
    const char *p = text;
    for (; *p >= '0' && *p <= '9'; p++) {
        count = count * 10 + (uint32_t)(*p - '0');
        if (count > LIMIT_SPAN_COUNT) {
            return false;
        }
    }
    if (p == text || count == 0 || text[0] == '0') {
        return false;
    }
    static const char *const units[] = {"wd", "d", "h", "m", "y"};
    for (unsigned unit = 0; unit < sizeof units / sizeof units[0]; unit++) {
        if (strcmp(p, units[unit]) == 0) {
            *ret_span = (struct span){.count = count, .unit = (enum span_unit)unit};
            return true;
        }
    }
    return false;
}

enum day_kind calendar_day(const struct calendar *calendar, int32_t date)
{
    if (table_has(calendar, date)) {
        return (enum day_kind)calendar->kinds[date - calendar->first];
    }
    return date_weekday(date) >= 5 ? DAY_WEEKEND : DAY_WORK;
}

bool calendar_is_working(const struct calendar *calendar, int32_t date)
{
    enum day_kind kind = calendar_day(calendar, date);
    return kind == DAY_WORK || kind == DAY_MAKEUP;
}

/* Working days up to and including the day; outside the table the nearest end counts. */
static int32_t worked_through(const struct calendar *calendar, int32_t date)
{
    int32_t index = date - calendar->first + 1;
    index = index < 0 ? 0 : index;
    return calendar->worked[index > calendar->count ? calendar->count : index];
}

int32_t calendar_working_days(const struct calendar *calendar, int32_t from, int32_t to)
{
    return worked_through(calendar, to) - worked_through(calendar, from);
}

/* Counting on from a day in units of working or natural days. */
struct counter {
    const struct calendar *calendar;
    bool working;
};

static int64_t days_between(const struct counter *counter, int32_t from, int32_t to)
{
    if (to <= from) {
        return 0;
    }
    return counter->working ? calendar_working_days(counter->calendar, from, to) : to - from;
}

/* The n-th counted day after `from`; -1 beyond the table. */
static int32_t nth_day(const struct counter *counter, int32_t from, int64_t n)
{
    const struct calendar *calendar = counter->calendar;
    if (!counter->working) {
        return table_has(calendar, (int32_t)(from + n)) ? (int32_t)(from + n) : -1;
    }
    int64_t index = worked_through(calendar, from) + n - 1;
    return index < calendar->work_days_count ? calendar->first + calendar->work_days[index] : -1;
}

/* The last day of a period counted in days; INT32_MAX while a pause is open before it; -1 outside.
 */
static int32_t count_days(const struct counter *counter, int32_t from, int64_t n,
                          const struct pause *pauses, size_t pauses_count)
{
    for (size_t i = 0; i < pauses_count; i++) {
        int32_t pause_first = date_of_ms(pauses[i].from_ms);
        int64_t before = days_between(counter, from, pause_first - 1);
        if (n <= before) {
            break;
        }
        if (pauses[i].until_ms == 0) {
            return INT32_MAX;
        }
        n -= before;
        int32_t pause_last = date_of_ms(pauses[i].until_ms - 1);
        from = pause_last > from ? pause_last : from;
    }
    return nth_day(counter, from, n);
}

static int32_t add_months(int32_t date, int64_t months)
{
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    date_split(date, &year, &month, &day);
    int64_t index = (int64_t)year * 12 + (int64_t)month - 1 + months;
    int target_year = (int)(index / 12);
    unsigned target_month = (unsigned)(index % 12) + 1;
    unsigned next_month = target_month == 12 ? 1 : target_month + 1;
    int32_t last = date_join(target_month == 12 ? target_year + 1 : target_year, next_month, 1) - 1;
    int32_t same = date_join(target_year, target_month, 1) + (int32_t)day - 1;
    return same < last ? same : last;
}

static int32_t count_months(int32_t from, int64_t months, const struct pause *pauses,
                            size_t pauses_count)
{
    int32_t due = add_months(from, months);
    int32_t through = from; /* Days up to here have been looked at: a day shared counts once. */
    for (size_t i = 0; i < pauses_count; i++) {
        int32_t pause_first = date_of_ms(pauses[i].from_ms);
        pause_first = pause_first > through ? pause_first : through + 1;
        if (pause_first > due) {
            break;
        }
        if (pauses[i].until_ms == 0) {
            return INT32_MAX;
        }
        int32_t pause_last = date_of_ms(pauses[i].until_ms - 1);
        if (pause_last >= pause_first) {
            due += pause_last - pause_first + 1;
            through = pause_last;
        }
    }
    return due;
}

static int64_t count_hours(int64_t from_ms, int64_t hours, const struct pause *pauses,
                           size_t pauses_count)
{
    int64_t left_ms = hours * hour_ms;
    for (size_t i = 0; i < pauses_count; i++) {
        int64_t before = pauses[i].from_ms > from_ms ? pauses[i].from_ms - from_ms : 0;
        if (left_ms <= before) {
            break;
        }
        if (pauses[i].until_ms == 0) {
            return INT64_MAX;
        }
        left_ms -= before;
        from_ms = pauses[i].until_ms > from_ms ? pauses[i].until_ms : from_ms;
    }
    return from_ms + left_ms;
}

/* A last day that is a rest day moves to the next working day (Civil Code 203). */
static int32_t rolled(const struct calendar *calendar, int32_t date)
{
    while (date >= 0 && table_has(calendar, date) && !calendar_is_working(calendar, date)) {
        date++;
    }
    return date;
}

static enum fault outside(const struct calendar *calendar, struct ctx *ctx)
{
    char first[DATE_TEXT];
    char last[DATE_TEXT];
    date_format(calendar->first, first);
    date_format(calendar->first + calendar->count - 1, last);
    return ctx_fail(ctx, FAULT_CALENDAR_INVALID, "The calendar holds %s to %s only.",
                    "日历只包含%s至%s。", first, last);
}

static void set_open(const struct pause *pauses, size_t pauses_count, struct due *ret_due)
{
    assert(pauses_count > 0);
    *ret_due =
        (struct due){.due_ms = INT64_MAX, .date = date_of_ms(pauses[pauses_count - 1].from_ms)};
}

static int32_t last_day(const struct calendar *calendar, int64_t from_ms, const struct span *span,
                        const struct pause *pauses, size_t pauses_count)
{
    struct counter counter = {.calendar = calendar, .working = span->unit == SPAN_WORKING_DAY};
    int32_t from = date_of_ms(from_ms);
    int32_t day = 0;
    if (span->unit == SPAN_WORKING_DAY || span->unit == SPAN_DAY) {
        day = count_days(&counter, from, span->count, pauses, pauses_count);
    } else {
        int64_t months = span->unit == SPAN_YEAR ? (int64_t)span->count * 12 : span->count;
        day = months > 2400 ? -1 : count_months(from, months, pauses, pauses_count);
    }
    bool rolls = span->unit != SPAN_WORKING_DAY && day != INT32_MAX;
    return rolls ? rolled(calendar, day) : day;
}

enum fault calendar_due(const struct calendar *calendar, struct ctx *ctx, int64_t from_ms,
                        const struct span *span, const struct pause *pauses, size_t pauses_count,
                        struct due *ret_due)
{
    if (!table_has(calendar, date_of_ms(from_ms))) {
        return outside(calendar, ctx);
    }
    if (span->unit == SPAN_HOUR) {
        int64_t due_ms = count_hours(from_ms, span->count, pauses, pauses_count);
        if (due_ms == INT64_MAX) {
            set_open(pauses, pauses_count, ret_due);
            return FAULT_NONE;
        }
        /* Hours never ask the calendar, so they are never provisional. */
        *ret_due = (struct due){.due_ms = due_ms, .date = date_of_ms(due_ms)};
        return FAULT_NONE;
    }
    int32_t day = last_day(calendar, from_ms, span, pauses, pauses_count);
    if (day == INT32_MAX) {
        set_open(pauses, pauses_count, ret_due);
        return FAULT_NONE;
    }
    if (day < 0 || !table_has(calendar, day)) {
        return outside(calendar, ctx);
    }
    *ret_due = (struct due){.due_ms = date_start_ms(day + 1),
                            .date = day,
                            .provisional = day > calendar->published_until};
    return FAULT_NONE;
}

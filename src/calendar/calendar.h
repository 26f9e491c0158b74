#pragma once
/*
 * Working-day arithmetic and its explanation. A calendar is immutable once loaded: any thread may
 * read it, calendar_destroy frees it. It holds the published years (days off and make-up working
 * days, each with its State Council notice) and, after the last one, provisional years made of
 * weekends and the statutory days alone.
 *
 * Counting rules: the day of the event is not counted (Civil Code 201); working days count only
 * days that are worked; a period in days, months or years whose last day is a rest day ends on the
 * next working day (203); months and years end on the same-numbered day, or the month's last (202);
 * hours run from the minute and never move (201). A day ends at 24:00 Beijing time.
 */
#include "base/ctx.h"
#include "base/json_writer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct calendar;

enum span_unit { SPAN_WORKING_DAY, SPAN_DAY, SPAN_HOUR, SPAN_MONTH, SPAN_YEAR };

/* A period: "5wd", "7d", "24h", "3m", "1y". */
struct span {
    uint32_t count; /* 1 to LIMIT_SPAN_COUNT. */
    enum span_unit unit;
};

/* When a period ends. */
struct due {
    int64_t
        due_ms;   /* The first moment that is too late: 24:00 of `date`, or for hours the minute. */
    int32_t date; /* The last day (for hours: the day the minute lies in). */
    bool provisional; /* The period reaches past the last published year. */
};

/* Time that is not counted: from <= t < until; until 0 means still paused. Ordered, not
 * overlapping. */
struct pause {
    int64_t from_ms;
    int64_t until_ms;
};

enum day_kind {
    DAY_WORK,    /* An ordinary working day. */
    DAY_MAKEUP,  /* A weekend day that is worked. */
    DAY_WEEKEND, /* Saturday or Sunday, off. */
    DAY_HOLIDAY, /* Off by notice, or a statutory day of a provisional year. */
};

/* Reads calendars/cn.yaml. CALENDAR_INVALID with all mistakes (file:line:column) in the note. */
enum fault calendar_load(struct ctx *ctx, const char *path,
                         struct calendar **ret_calendar) MUST_CHECK;
/* The same from memory; `name` stands before the mistakes. */
enum fault calendar_read(struct ctx *ctx, const char *name, const char *data, size_t count,
                         struct calendar **ret_calendar) MUST_CHECK;
void calendar_destroy(struct calendar *calendar);
/* Identifies the content: the first 16 hex digits of its SHA-256. Static while the calendar lives.
 */
const char *calendar_edition(const struct calendar *calendar);
/* The last day that a notice covers. */
int32_t calendar_published_until(const struct calendar *calendar);

bool span_parse(const char *text, struct span *ret_span);
/* "5wd" into a buffer of at least 16 bytes; "until" for no period (count 0). */
void span_format(const struct span *span, char ret_text[16]);
/* "5个工作日" / "5 working days". */
const char *span_words(struct arena *arena, const struct span *span, enum lang lang);

/* A day as official papers write it: "2021年9月17日". */
const char *date_words(struct arena *arena, int32_t date);

/* The kind of a day; DAY_WORK or DAY_WEEKEND by weekday outside the table. */
enum day_kind calendar_day(const struct calendar *calendar, int32_t date);
bool calendar_is_working(const struct calendar *calendar, int32_t date);
/* Working days in (from, to]; negative when to < from. O(1). */
int32_t calendar_working_days(const struct calendar *calendar, int32_t from, int32_t to);

/*
 * When a period that starts at `from_ms` ends. O(1). CALENDAR_INVALID (with a note) outside the
 * table. `pauses` may be NULL with count 0: time inside a pause is not counted. A day on which a
 * pause lies, even in part, is not counted for day units; working days, natural days and hours are
 * then resumed with the remainder; months and years are moved on by the paused days.
 * With a last pause still open, due_ms is INT64_MAX and date is that of the pause's start.
 */
enum fault calendar_due(const struct calendar *calendar, struct ctx *ctx, int64_t from_ms,
                        const struct span *span, const struct pause *pauses, size_t pauses_count,
                        struct due *ret_due) MUST_CHECK;

/*
 * Explains calendar_due day by day: writes a JSON object {"from", "within", "due", "provisional",
 * "rule": {zh,en}, "calendar": edition, "days": [{"date","kind","counted":n|null,"why":{zh,en}}]}.
 * At most 800 days are listed; then "cut": true.
 */
enum fault calendar_explain_json(const struct calendar *calendar, struct ctx *ctx, int64_t from_ms,
                                 const struct span *span, const struct pause *pauses,
                                 size_t pauses_count, struct json_writer *writer) MUST_CHECK;
/* The same as lines of text in one language, for the command line. */
enum fault calendar_explain_text(const struct calendar *calendar, struct ctx *ctx, int64_t from_ms,
                                 const struct span *span, const struct pause *pauses,
                                 size_t pauses_count, enum lang lang,
                                 struct buffer *buffer) MUST_CHECK;

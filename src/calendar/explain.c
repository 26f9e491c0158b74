/* Why a due day is that day: day by day, in both languages. */
#include "calendar/date.h"
#include "calendar/table.h"

#include <stdio.h>
#include <string.h>

enum { DAYS_MAX = 800 };

void span_format(const struct span *span, char ret_text[16])
{
    static const char *const units[] = {"wd", "d", "h", "m", "y"};
    if (span->count == 0) {
        (void)snprintf(ret_text, 16, "until");
        return;
    }
    (void)snprintf(ret_text, 16, "%u%s", span->count, units[span->unit]);
}

const char *date_words(struct arena *arena, int32_t date)
{
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    date_split(date, &year, &month, &day);
    return arena_printf(arena, "%d年%u月%u日", year, month, day);
}

const char *span_words(struct arena *arena, const struct span *span, enum lang lang)
{
    static const struct label units[] = {{"个工作日", "working day"},
                                         {"日", "day"},
                                         {"小时", "hour"},
                                         {"个月", "month"},
                                         {"年", "year"}};
    const struct label *unit = &units[span->unit];
    if (lang == LANG_ZH) {
        return arena_printf(arena, "%u%s", span->count, unit->zh);
    }
    return arena_printf(arena, "%u %s%s", span->count, unit->en, span->count == 1 ? "" : "s");
}

static const struct label *rule_of(enum span_unit unit)
{
    static const struct label rules[] = {
        {"自次日起算，只计工作日（含调休上班日）",
         "Counted from the next day; only days that are worked count, make-up days included"},
        {"自次日起算，日日计入；末日为休息日的顺延至下一工作日",
         "Counted from the next day, every day; a last day that is a rest day moves to the next "
         "working day"},
        {"自该时刻起算，节假日不扣除", "Counted from the minute; rest days are not left out"},
        {"至对应月份的同日（无同日的为月末）；末日为休息日的顺延至下一工作日",
         "Ends on the same day of the month, or its last; a rest day moves to the next working "
         "day"},
        {"至对应年份的同月同日；末日为休息日的顺延至下一工作日",
         "Ends on the same day of the year; a rest day moves to the next working day"},
    };
    return &rules[unit];
}

/* One day of the explanation. */
struct day {
    int32_t date;
    enum day_kind kind;
    int64_t number; /* 0: not counted. */
    struct label why;
};

/* Walks the days after the start. */
struct walk {
    const struct calendar *calendar;
    struct arena *arena;
    const struct span *span;
    const struct pause *pauses;
    size_t pauses_count;
    int32_t from;
    int64_t counted;
};

static bool is_paused(const struct walk *walk, int32_t date)
{
    for (size_t i = 0; i < walk->pauses_count; i++) {
        int64_t until = walk->pauses[i].until_ms;
        bool after = date >= date_of_ms(walk->pauses[i].from_ms);
        bool before = until == 0 || date <= date_of_ms(until - 1);
        if (after && before) {
            return true;
        }
    }
    return false;
}

static struct label why_of(const struct walk *walk, int32_t date, enum day_kind kind)
{
    static const struct label plain[] = {{"工作日", "working day"},
                                         {"调休上班", "make-up working day"},
                                         {"周末", "weekend"},
                                         {"放假", "day off"}};
    const struct label *name = table_has(walk->calendar, date)
                                   ? walk->calendar->names[date - walk->calendar->first]
                                   : NULL;
    struct label why = plain[kind];
    if (name != NULL && kind != DAY_WORK) {
        why.zh = arena_printf(walk->arena, "%s%s", name->zh, plain[kind].zh);
        why.en = arena_printf(walk->arena, "%s (%s)", plain[kind].en, name->en);
    }
    if (date > walk->calendar->published_until) {
        why.zh = arena_printf(walk->arena, "%s（放假安排未公布，暂定）", why.zh);
        why.en = arena_printf(walk->arena, "%s (provisional: no notice yet)", why.en);
    }
    return why;
}

static struct day next_day(struct walk *walk, int32_t date)
{
    enum day_kind kind = calendar_day(walk->calendar, date);
    bool work = kind == DAY_WORK || kind == DAY_MAKEUP;
    bool in_days = walk->span->unit == SPAN_WORKING_DAY || walk->span->unit == SPAN_DAY;
    struct day day = {.date = date, .kind = kind, .why = why_of(walk, date, kind)};
    bool full = in_days && walk->counted >= walk->span->count;
    if (is_paused(walk, date)) {
        day.why = (struct label){"期限中止，不计入", "paused, not counted"};
    } else if (full) {
        day.why.zh = arena_printf(walk->arena, "%s，末日顺延", day.why.zh);
        day.why.en = arena_printf(walk->arena, "%s; the last day moves on", day.why.en);
    } else if (walk->span->unit != SPAN_WORKING_DAY || work) {
        day.number = ++walk->counted;
    }
    return day;
}

static int32_t last_listed(const struct walk *walk, const struct due *due)
{
    int32_t last = due->date;
    return last - walk->from > DAYS_MAX ? walk->from + DAYS_MAX : last;
}

static void put_day(struct json_writer *writer, const struct day *day)
{
    static const char *const kinds[] = {"work", "makeup", "weekend", "holiday"};
    char text[DATE_TEXT];
    date_format(day->date, text);
    json_open(writer);
    json_put_text(writer, "date", text);
    json_put_text(writer, "kind", kinds[day->kind]);
    json_key(writer, "counted");
    if (day->number == 0) {
        json_none(writer);
    } else {
        json_int(writer, day->number);
    }
    json_put_label(writer, "why", &day->why);
    json_close(writer);
}

static void put_due_text(struct json_writer *writer, const struct span *span, const struct due *due)
{
    char text[MINUTE_TEXT];
    json_key(writer, "due");
    if (due->due_ms == INT64_MAX) {
        json_none(writer);
        return;
    }
    if (span->unit == SPAN_HOUR) {
        minute_format(due->due_ms, text);
    } else {
        date_format(due->date, text);
    }
    json_text(writer, text);
}

enum fault calendar_explain_json(const struct calendar *calendar, struct ctx *ctx, int64_t from_ms,
                                 const struct span *span, const struct pause *pauses,
                                 size_t pauses_count, struct json_writer *writer)
{
    struct due due;
    enum fault fault = calendar_due(calendar, ctx, from_ms, span, pauses, pauses_count, &due);
    if (fault != FAULT_NONE) {
        return fault;
    }
    struct walk walk = {.calendar = calendar,
                        .arena = ctx->arena,
                        .span = span,
                        .pauses = pauses,
                        .pauses_count = pauses_count,
                        .from = date_of_ms(from_ms)};
    char within[16];
    char from[MINUTE_TEXT];
    span_format(span, within);
    minute_format(from_ms, from);
    json_open(writer);
    json_put_text(writer, "from", from);
    json_put_text(writer, "within", within);
    put_due_text(writer, span, &due);
    json_put_bool(writer, "provisional", due.provisional);
    json_put_text(writer, "calendar", calendar->edition);
    json_put_label(writer, "rule", rule_of(span->unit));
    json_key(writer, "days");
    json_list(writer);
    int32_t last = span->unit == SPAN_HOUR ? walk.from : last_listed(&walk, &due);
    for (int32_t date = walk.from + 1; date <= last; date++) {
        struct day day = next_day(&walk, date);
        put_day(writer, &day);
    }
    json_end(writer);
    if (span->unit != SPAN_HOUR && last < due.date) {
        json_put_bool(writer, "cut", true);
    }
    json_close(writer);
    return FAULT_NONE;
}

enum fault calendar_explain_text(const struct calendar *calendar, struct ctx *ctx, int64_t from_ms,
                                 const struct span *span, const struct pause *pauses,
                                 size_t pauses_count, enum lang lang, struct buffer *buffer)
{
    struct due due;
    enum fault fault = calendar_due(calendar, ctx, from_ms, span, pauses, pauses_count, &due);
    if (fault != FAULT_NONE) {
        return fault;
    }
    struct walk walk = {.calendar = calendar,
                        .arena = ctx->arena,
                        .span = span,
                        .pauses = pauses,
                        .pauses_count = pauses_count,
                        .from = date_of_ms(from_ms)};
    const char *words = span_words(ctx->arena, span, lang);
    const char *rule = label_text(rule_of(span->unit), lang);
    if (lang == LANG_ZH) {
        buffer_printf(buffer, "期限：%s。%s。\n", words, rule);
    } else {
        buffer_printf(buffer, "Period: %s. %s.\n", words, rule);
    }
    int32_t last = span->unit == SPAN_HOUR ? walk.from : last_listed(&walk, &due);
    for (int32_t date = walk.from + 1; date <= last; date++) {
        struct day day = next_day(&walk, date);
        char text[DATE_TEXT];
        date_format(date, text);
        char number[24] = "-";
        if (day.number != 0) {
            (void)snprintf(number, sizeof number, "%lld", (long long)day.number);
        }
        buffer_printf(buffer, "%s  %4s  %s\n", text, number, label_text(&day.why, lang));
    }
    buffer_text(buffer, lang == LANG_ZH ? "日历版本：" : "Calendar edition: ");
    buffer_printf(buffer, "%s\n", calendar->edition);
    return FAULT_NONE;
}

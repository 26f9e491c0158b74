/* Reads calendars/cn.yaml into the table of days. */
#include "base/digest.h"
#include "base/file.h"
#include "base/limit.h"
#include "base/text.h"
#include "base/yaml.h"
#include "calendar/date.h"
#include "calendar/table.h"

#include <assert.h>
#include <string.h>

struct loading {
    struct ctx *ctx;
    struct yaml_report report;
    struct calendar *calendar;
    bool provisional;
    int year;
};

static struct label *read_name(struct loading *l, const struct yaml_node *node)
{
    struct yaml_node *name = yaml_get(node, "name");
    const char *zh = name == NULL ? NULL : yaml_text(&l->report, name, "zh", true);
    const char *en = name == NULL ? NULL : yaml_text(&l->report, name, "en", true);
    if (zh == NULL || en == NULL) {
        yaml_wrong(&l->report, node, "'name' needs zh and en");
        return NULL;
    }
    struct label *label = arena_alloc(l->calendar->arena, sizeof *label);
    label->zh = arena_text(l->calendar->arena, zh);
    label->en = arena_text(l->calendar->arena, en);
    return label;
}

/* A day of this year, as an index; -1 after reporting. */
static int32_t day_index(struct loading *l, const struct yaml_node *node)
{
    int32_t date = 0;
    if (node == NULL || node->kind != YAML_SCALAR || !date_parse(node->text, &date)) {
        yaml_wrong(&l->report, node, "a day like 2026-02-13 is expected");
        return -1;
    }
    if (date < date_join(l->year, 1, 1) || date > date_join(l->year, 12, 31)) {
        yaml_wrong(&l->report, node, "the day lies outside the year %d", l->year);
        return -1;
    }
    return date - l->calendar->first;
}

static void read_range(struct loading *l, const struct yaml_node *node)
{
    static const char *const keys[] = {"from", "to", "name", NULL};
    yaml_only(&l->report, node, keys);
    struct yaml_node *from_node = yaml_get(node, "from");
    struct yaml_node *to_node = yaml_get(node, "to");
    if (from_node == NULL || to_node == NULL) {
        yaml_wrong(&l->report, node, "'from' and 'to' are needed");
        return;
    }
    const struct label *name = read_name(l, node);
    int32_t from = day_index(l, from_node);
    int32_t to = day_index(l, to_node);
    if (from < 0 || to < 0 || name == NULL) {
        return;
    }
    if (to < from) {
        yaml_wrong(&l->report, to_node, "'to' lies before 'from'");
    }
    for (int32_t i = from; i <= to; i++) {
        if (l->calendar->kinds[i] == DAY_HOLIDAY && !l->provisional) {
            yaml_wrong(&l->report, from_node, "a day off stands twice");
        }
        l->calendar->kinds[i] = DAY_HOLIDAY;
        l->calendar->names[i] = name;
    }
}

static const struct label *nearest_holiday(const struct calendar *calendar, int32_t index)
{
    for (int32_t away = 1; away < 20; away++) {
        for (int32_t side = -1; side <= 1; side += 2) {
            int32_t i = index + side * away;
            if (i >= 0 && i < calendar->count && calendar->kinds[i] == DAY_HOLIDAY) {
                return calendar->names[i];
            }
        }
    }
    return NULL;
}

/* The day's holiday: the nearest, unless {day: ..., for: ...} names a day of another. */
static const struct label *holiday_of(struct loading *l, const struct yaml_node *node,
                                      int32_t index)
{
    const struct yaml_node *named = yaml_get(node, "for");
    if (named == NULL) {
        return nearest_holiday(l->calendar, index);
    }
    int32_t holiday = day_index(l, named);
    if (holiday >= 0 && l->calendar->kinds[holiday] != DAY_HOLIDAY) {
        yaml_wrong(&l->report, named, "'for' must name a day off");
        return NULL;
    }
    return holiday < 0 ? NULL : l->calendar->names[holiday];
}

static void read_make_up(struct loading *l, const struct yaml_node *node)
{
    static const char *const keys[] = {"day", "for", NULL};
    const struct yaml_node *day = node;
    if (node->kind == YAML_MAPPING) {
        yaml_only(&l->report, node, keys);
        day = yaml_get(node, "day");
    }
    if (day == NULL) {
        yaml_wrong(&l->report, node, "key 'day' is missing");
        return;
    }
    int32_t index = day_index(l, day);
    if (index < 0) {
        return;
    }
    if (l->calendar->kinds[index] == DAY_HOLIDAY) {
        yaml_wrong(&l->report, day, "the day is a day off too");
    } else if (l->calendar->kinds[index] == DAY_MAKEUP) {
        yaml_wrong(&l->report, day, "the make-up day stands twice");
    } else if (l->calendar->kinds[index] != DAY_WEEKEND) {
        yaml_wrong(&l->report, day, "a make-up day must be a Saturday or Sunday");
    } else {
        l->calendar->kinds[index] = DAY_MAKEUP;
        l->calendar->names[index] = holiday_of(l, node, index);
    }
}

static void read_year(struct loading *l, const struct yaml_node *node)
{
    static const char *const keys[] = {"year", "notice", "off", "work", NULL};
    yaml_only(&l->report, node, keys);
    l->year = (int)yaml_int(&l->report, node, "year", 1950, 2190, 0);
    const struct calendar_year *row = table_year(l->calendar, date_join(l->year, 1, 1));
    if (l->year == 0 || row == NULL) {
        return;
    }
    const struct yaml_node *off = yaml_get(node, "off");
    const struct yaml_node *work = yaml_get(node, "work");
    if (off == NULL || off->kind != YAML_SEQUENCE) {
        yaml_wrong(&l->report, node, "'off' must list the days off");
        return;
    }
    for (const struct yaml_node *range = off->children; range != NULL; range = range->next) {
        read_range(l, range);
    }
    if (work != NULL && l->provisional) {
        yaml_wrong(&l->report, work, "a provisional year has no make-up days");
        return;
    }
    if (work != NULL && work->kind != YAML_SEQUENCE) {
        yaml_wrong(&l->report, work, "'work' must be a list");
        return;
    }
    for (const struct yaml_node *day = work == NULL ? NULL : work->children; day != NULL;
         day = day->next) {
        read_make_up(l, day);
    }
}

/* Takes the years of one section in order; each must follow the one before. */
static void take_years(struct loading *l, const struct yaml_node *list, bool provisional)
{
    for (const struct yaml_node *node = list->children; node != NULL; node = node->next) {
        int year = (int)yaml_int(&l->report, node, "year", 1950, 2190, 0);
        size_t count = l->calendar->years_count;
        const char *notice = yaml_text(&l->report, node, "notice", !provisional);
        if (yaml_get(node, "year") == NULL) {
            yaml_wrong(&l->report, node, "key 'year' is missing");
        } else if (count > 0 && year != l->calendar->years[count - 1].year + 1) {
            yaml_wrong(&l->report, node, "the years must follow one another");
        }
        l->calendar->years[l->calendar->years_count++] = (struct calendar_year){
            .year = year,
            .notice =
                provisional || notice == NULL ? NULL : arena_text(l->calendar->arena, notice)};
        if (!provisional && year != 0) {
            l->calendar->published_until = date_join(year, 12, 31);
        }
    }
}

static void make_table(struct calendar *calendar)
{
    calendar->first = date_join(calendar->years[0].year, 1, 1);
    int last_year = calendar->years[calendar->years_count - 1].year;
    calendar->count = date_join(last_year, 12, 31) - calendar->first + 1;
    size_t count = (size_t)calendar->count;
    calendar->kinds = arena_array(calendar->arena, count, 1);
    calendar->names = arena_array(calendar->arena, count, sizeof(struct label *));
    calendar->worked = arena_array(calendar->arena, count + 1, sizeof(int32_t));
    calendar->work_days = arena_array(calendar->arena, count, sizeof(int32_t));
    for (int32_t i = 0; i < calendar->count; i++) {
        calendar->kinds[i] = date_weekday(calendar->first + i) >= 5 ? DAY_WEEKEND : DAY_WORK;
    }
}

static void sum_table(struct calendar *calendar)
{
    for (int32_t i = 0; i < calendar->count; i++) {
        bool work = calendar->kinds[i] == DAY_WORK || calendar->kinds[i] == DAY_MAKEUP;
        calendar->worked[i + 1] = calendar->worked[i] + (work ? 1 : 0);
        if (work) {
            calendar->work_days[calendar->work_days_count++] = i;
        }
    }
}

static void read_root(struct loading *l, const struct yaml_node *root)
{
    static const char *const keys[] = {"years", "provisional", NULL};
    yaml_only(&l->report, root, keys);
    const struct yaml_node *years = yaml_get(root, "years");
    const struct yaml_node *later = yaml_get(root, "provisional");
    if (years == NULL || years->kind != YAML_SEQUENCE || years->count == 0) {
        yaml_wrong(&l->report, root, "'years' must list at least one year");
        return;
    }
    if (later != NULL && later->kind != YAML_SEQUENCE) {
        yaml_wrong(&l->report, later, "'provisional' must be a list");
        return;
    }
    size_t rows = years->count + (later == NULL ? 0 : later->count);
    l->calendar->years = arena_array(l->calendar->arena, rows, sizeof(struct calendar_year));
    take_years(l, years, false);
    if (later != NULL) {
        take_years(l, later, true);
    }
    if (l->report.count > 0) {
        return;
    }
    make_table(l->calendar);
    for (const struct yaml_node *node = years->children; node != NULL; node = node->next) {
        read_year(l, node);
    }
    l->provisional = true;
    for (const struct yaml_node *node = later == NULL ? NULL : later->children; node != NULL;
         node = node->next) {
        read_year(l, node);
    }
    sum_table(l->calendar);
}

static enum fault report_fault(struct loading *l)
{
    struct buffer text;
    buffer_init(&text, l->ctx->arena);
    for (size_t i = 0; i < l->report.count; i++) {
        buffer_printf(&text, "%s%s", i == 0 ? "" : "\n", l->report.lines[i]);
    }
    return ctx_fail(l->ctx, FAULT_CALENDAR_INVALID, "%s", "%s", text.data);
}

enum fault calendar_read(struct ctx *ctx, const char *name, const char *data, size_t count,
                         struct calendar **ret_calendar)
{
    struct arena *arena = arena_create();
    struct loading l = {.ctx = ctx, .calendar = arena_alloc(arena, sizeof(struct calendar))};
    l.calendar->arena = arena;
    yaml_report_init(&l.report, ctx->arena);
    const struct yaml_node *root = yaml_parse(&l.report, name, data, count);
    if (root != NULL) {
        read_root(&l, root);
    }
    if (l.report.count > 0) {
        arena_destroy(arena);
        return report_fault(&l);
    }
    uint8_t digest[DIGEST_BYTES];
    digest_sha256(data, count, digest);
    text_hex(digest, 8, l.calendar->edition);
    *ret_calendar = l.calendar;
    return FAULT_NONE;
}

enum fault calendar_load(struct ctx *ctx, const char *path, struct calendar **ret_calendar)
{
    char *data = NULL;
    size_t count = 0;
    enum fault fault = file_read(ctx, path, LIMIT_RULE_FILE_BYTES, &data, &count);
    return fault == FAULT_NONE ? calendar_read(ctx, path, data, count, ret_calendar) : fault;
}

void calendar_destroy(struct calendar *calendar)
{
    if (calendar != NULL) {
        arena_destroy(calendar->arena);
    }
}

const char *calendar_edition(const struct calendar *calendar)
{
    return calendar->edition;
}

int32_t calendar_published_until(const struct calendar *calendar)
{
    return calendar->published_until;
}

const struct calendar_year *table_year(const struct calendar *calendar, int32_t date)
{
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    date_split(date, &year, &month, &day);
    for (size_t i = 0; i < calendar->years_count; i++) {
        if (calendar->years[i].year == year) {
            return &calendar->years[i];
        }
    }
    return NULL;
}

bool table_has(const struct calendar *calendar, int32_t date)
{
    return date >= calendar->first && date < calendar->first + calendar->count;
}

/*
 * The calendar feed: what a person's body owes, as iCalendar (RFC 5545), for whoever knows the
 * secret address. Names of clocks and references only, nothing of the case.
 */
#include "api/endpoints.h"
#include "api/input.h"
#include "api/reply.h"
#include "base/digest.h"
#include "base/id.h"
#include "base/text.h"
#include "calendar/date.h"
#include "matter/message.h"
#include "store/query.h"

#include <libical/ical.h>
#include <stdlib.h>
#include <string.h>

enum { EVENTS_MAX = 2000 };

struct feeding {
    const struct api *api;
    const char *secret;
    struct actor *actor;
    icalcomponent *calendar;
};

static struct icaltimetype time_of(int64_t time_ms)
{
    return icaltime_from_timet_with_zone((time_t)(time_ms / 1000), 0,
                                         icaltimezone_get_utc_timezone());
}

static struct icaltimetype day_of(int32_t date)
{
    struct icaltimetype day = icaltime_null_date();
    unsigned month = 0;
    unsigned number = 0;
    date_split(date, &day.year, &month, &number);
    day.month = (int)month;
    day.day = (int)number;
    return day;
}

/* A day's clock fills its last day; a minute's clock is a point in time. */
static void add_time(icalcomponent *event, const struct clock *clock)
{
    if (clock_ends_at_minute(clock)) {
        icalcomponent_add_property(event, icalproperty_new_dtstart(time_of(clock->due_ms)));
        return;
    }
    icalcomponent_add_property(event, icalproperty_new_dtstart(day_of(clock->due_date)));
    icalcomponent_add_property(event, icalproperty_new_dtend(day_of(clock->due_date + 1)));
}

static void add_event(struct ctx *ctx, const struct feeding *feeding, const struct clock *clock,
                      int64_t matter, const char *reference)
{
    char id[ID_TEXT];
    const char *label = label_text(&clock->rule->label, ctx->lang);
    const char *mark = ctx->lang == LANG_EN ? " (provisional)" : "（暂定）";
    icalcomponent *event = icalcomponent_new(ICAL_VEVENT_COMPONENT);
    id_format(clock->id, id);
    icalcomponent_add_property(event,
                               icalproperty_new_uid(arena_printf(ctx->arena, "%s@liandong", id)));
    icalcomponent_add_property(event, icalproperty_new_dtstamp(time_of(clock->from_ms)));
    add_time(event, clock);
    icalcomponent_add_property(
        event, icalproperty_new_summary(arena_printf(ctx->arena, "%s · %s%s", label, reference,
                                                     clock->provisional ? mark : "")));
    id_format(matter, id);
    icalcomponent_add_property(
        event, icalproperty_new_url(arena_printf(ctx->arena, "%s/app/matters/%s",
                                                 feeding->api->office->public_url, id)));
    icalcomponent_add_property(event, icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT));
    icalcomponent_add_component(feeding->calendar, event);
}

static void add_row(struct ctx *ctx, const struct feeding *feeding, const struct sql_rows *rows)
{
    const struct rulebook *book = office_edition(feeding->api->office, sql_column_text(rows, 3));
    const struct rules_procedure *procedure =
        book == NULL ? NULL : rules_procedure(book, sql_column_text(rows, 2));
    struct clock clock = {
        .id = sql_column_int(rows, 4),
        .rule = procedure == NULL ? NULL : rules_deadline(procedure, sql_column_text(rows, 5)),
        .from_ms = sql_column_int(rows, 7),
        .due_ms = sql_column_int(rows, 8),
        .due_date = (int32_t)sql_column_int(rows, 9),
        .provisional = sql_column_int(rows, 10) != 0};
    if (clock.rule != NULL) {
        (void)span_parse(sql_column_text(rows, 6), &clock.within);
        add_event(ctx, feeding, &clock, sql_column_int(rows, 0), sql_column_text(rows, 1));
    }
}

static void add_x(icalcomponent *calendar, const char *name, const char *value)
{
    icalproperty *property = icalproperty_new_x(value);
    icalproperty_set_x_name(property, name);
    icalcomponent_add_property(calendar, property);
}

static icalcomponent *new_calendar(enum lang lang)
{
    icalcomponent *calendar = icalcomponent_new(ICAL_VCALENDAR_COMPONENT);
    icalcomponent_add_property(calendar, icalproperty_new_prodid("-//Liandong//Deadlines//ZH"));
    icalcomponent_add_property(calendar, icalproperty_new_version("2.0"));
    icalcomponent_add_property(calendar, icalproperty_new_calscale("GREGORIAN"));
    add_x(calendar, "X-WR-CALNAME", lang == LANG_EN ? "Liandong: due days" : "联动办理期限");
    add_x(calendar, "X-PUBLISHED-TTL", "PT1H");
    return calendar;
}

static enum fault read_feed(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct feeding *feeding = arg;
    icalcomponent_free(feeding->calendar); /* The work may run again. */
    feeding->calendar = new_calendar(ctx->lang);
    enum fault fault = people_feed_actor(ctx, tx, feeding->api->office->directory, feeding->secret,
                                         &feeding->actor);
    if (fault != FAULT_NONE) {
        return fault;
    }
    struct query query;
    query_init(&query, ctx->arena);
    query_add(&query, "SELECT o.id, o.reference, o.procedure, o.edition, d.id, d.code, d.within,"
                      " d.from_ms, d.due_ms, d.due_date, d.provisional FROM deadline d"
                      " JOIN matter o ON o.region = d.region AND o.id = d.matter"
                      " WHERE d.region = ");
    query_value(&query, sql_int(feeding->actor->region));
    query_add(&query, " AND d.obligor = ");
    query_value(&query, sql_text(feeding->actor->org->code));
    query_add(&query, " AND d.ended_ms IS NULL AND d.paused_ms IS NULL AND EXISTS (SELECT 1");
    people_visible_one(feeding->actor, &query, "d.matter");
    query_add(&query, ") ORDER BY d.due_ms, d.id LIMIT ");
    query_value(&query, sql_int(EVENTS_MAX));
    SCOPED(sql_rows) rows = NULL;
    fault = query_run(&query, ctx, tx, &rows);
    while (fault == FAULT_NONE && sql_next(rows)) {
        add_row(ctx, feeding, rows);
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static void send_text(struct ctx *ctx, struct http_request *request, struct http_reply *reply,
                      const char *text)
{
    uint8_t digest[DIGEST_BYTES];
    char hex[DIGEST_HEX];
    digest_sha256(text, strlen(text), digest);
    text_hex(digest, DIGEST_BYTES, hex);
    http_reply_header(reply, "Cache-Control", "private, no-cache");
    if (http_reply_known(request, reply, arena_printf(ctx->arena, "\"%.32s\"", hex))) {
        return;
    }
    reply->media_type = "text/calendar; charset=utf-8";
    reply->body = text;
    reply->body_bytes = strlen(text);
}

/* The secret in "SECRET.ics"; NULL if the name has another form. */
static const char *secret_of(struct ctx *ctx, const struct http_request *request)
{
    const char *file = http_path_value(request, "file");
    uint8_t bytes[FEED_SECRET_TEXT / 2];
    size_t length = strlen(file);
    if (length != FEED_SECRET_TEXT - 1 + strlen(".ics") ||
        strcmp(file + FEED_SECRET_TEXT - 1, ".ics") != 0) {
        return NULL;
    }
    const char *secret = arena_bytes(ctx->arena, file, FEED_SECRET_TEXT - 1);
    return text_unhex(secret, bytes, sizeof bytes) ? secret : NULL;
}

enum fault calendar_get(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    const struct api *api = http_owner(request);
    struct feeding feeding = {.api = api, .secret = secret_of(ctx, request)};
    enum fault fault = rate_limiter_try(api->feed_tries, ctx, input_peer(api, request));
    if (fault != FAULT_NONE || feeding.secret == NULL) {
        return fault == FAULT_NONE ? FAULT_NOT_FOUND : fault;
    }
    fault = store_read(api->store, ctx, read_feed, &feeding);
    if (fault == FAULT_NONE) {
        char *text = icalcomponent_as_ical_string_r(feeding.calendar);
        send_text(ctx, request, reply, arena_text(ctx->arena, text));
        free(text);
    }
    icalcomponent_free(feeding.calendar);
    return fault;
}

/*
 * liandong calendar show --data DIR [--store URL] [--json]
 * liandong calendar load FILE --data DIR [--store URL] [--apply] [--json]: lists the open deadlines
 * that the file's days would move; --apply moves them. A running server takes it up in a minute.
 */
#include "base/clock.h"
#include "base/file.h"
#include "base/limit.h"
#include "base/random.h"
#include "calendar/date.h"
#include "cli/cli.h"
#include "cli/office.h"
#include "matter/message.h"
#include "matter/recount.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct asked {
    const char *verb, *file, *data_dir, *store_url;
    bool apply, json;
    struct workplace place;
};

struct calendar_reading {
    int64_t region;
    struct calendar_kept kept;
};

static enum fault read_kept(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct calendar_reading *reading = arg;
    return calendars_kept(ctx, tx, reading->region, NULL, &reading->kept);
}

static const char *day_text(struct arena *arena, int32_t date)
{
    char text[DATE_TEXT];
    date_format(date, text);
    return arena_text(arena, text);
}

/* ---- show ---- */

static void print_shown(struct ctx *ctx, const struct asked *asked,
                        const struct calendar_kept *kept, const char *shipped)
{
    bool english = ctx->lang == LANG_EN;
    const struct calendar *calendar = asked->place.office.calendar;
    const char *until = day_text(ctx->arena, calendar_published_until(calendar));
    const char *since = day_text(ctx->arena, date_of_ms(kept->loaded_ms));
    (void)printf(english ? "calendar %s, in force here since %s; notices cover the days to %s\n"
                         : "工作日历%s，%s起使用；放假通知已公布至%s\n",
                 kept->edition, since, until);
    if (strcmp(shipped, kept->edition) != 0) {
        (void)printf(english ? "this release brings another, %s: liandong calendar load %s\n"
                             : "本版本附带另一日历%s：liandong calendar load %s\n",
                     shipped, cli_share_path(ctx->arena, "calendars/cn.yaml"));
    }
}

static enum fault show(struct ctx *ctx, struct asked *asked)
{
    struct calendar_reading reading = {.region = asked->place.office.region};
    struct calendar *shipped = NULL;
    enum fault fault = store_read(asked->place.store, ctx, read_kept, &reading);
    if (fault == FAULT_NONE) {
        fault = calendar_load(ctx, cli_share_path(ctx->arena, "calendars/cn.yaml"), &shipped);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    if (asked->json) {
        struct buffer text;
        struct json_writer json;
        const struct calendar *calendar = asked->place.office.calendar;
        buffer_init(&text, ctx->arena);
        json_writer_init(&json, &text);
        json_open(&json);
        json_put_text(&json, "edition", reading.kept.edition);
        json_put_time(&json, "loaded", reading.kept.loaded_ms);
        json_put_text(&json, "published_until",
                      day_text(ctx->arena, calendar_published_until(calendar)));
        json_put_text(&json, "shipped", calendar_edition(shipped));
        json_close(&json);
        (void)puts(text.data);
    } else {
        print_shown(ctx, asked, &reading.kept, calendar_edition(shipped));
    }
    calendar_destroy(shipped);
    return FAULT_NONE;
}

/* ---- load ---- */

static const char *due_text(struct arena *arena, const struct moved *moved, int64_t due_ms)
{
    bool minute = moved->rule->within.count > 0 && moved->rule->within.unit == SPAN_HOUR;
    return message_due(arena, due_ms, minute);
}

static void put_moved(struct json_writer *json, const struct moved *moved)
{
    struct arena *arena = json->buffer->arena;
    json_open(json);
    json_put_text(json, "reference", moved->reference);
    json_put_text(json, "clock", moved->rule->code);
    json_put_label(json, "label", &moved->rule->label);
    json_put_text(json, "obligor", moved->obligor);
    json_put_text(json, "was", due_text(arena, moved, moved->was_ms));
    json_put_text(json, "due", due_text(arena, moved, moved->due_ms));
    json_put_bool(json, "was_provisional", moved->was_provisional);
    json_put_bool(json, "provisional", moved->provisional);
    json_close(json);
}

static size_t settled_count(const struct recount *recount)
{
    size_t count = 0;
    for (size_t i = 0; i < recount->ret_count; i++) {
        count += recount->ret_moved[i].was_ms == recount->ret_moved[i].due_ms ? 1 : 0;
    }
    return count;
}

static void print_json(struct ctx *ctx, const struct asked *asked, const struct recount *recount)
{
    struct buffer text;
    struct json_writer json;
    size_t settled = settled_count(recount);
    buffer_init(&text, ctx->arena);
    json_writer_init(&json, &text);
    json_open(&json);
    json_put_text(&json, "edition", calendar_edition(recount->next));
    json_put_text(&json, "published_until",
                  day_text(ctx->arena, calendar_published_until(recount->next)));
    json_key(&json, "clocks");
    json_list(&json);
    for (size_t i = 0; i < recount->ret_count; i++) {
        put_moved(&json, &recount->ret_moved[i]);
    }
    json_end(&json);
    json_put_int(&json, "open", (int64_t)recount->ret_open);
    json_put_int(&json, "moved", (int64_t)(recount->ret_count - settled));
    json_put_int(&json, "settled", (int64_t)settled);
    json_put_bool(&json, "applied", asked->apply);
    json_close(&json);
    (void)puts(text.data);
}

/* What became of a date that was not sure: it moved, or it stands. */
static const char *mark_of(const struct moved *moved, enum lang lang)
{
    static const struct label settled = {"（暂定已确定）", " (provisional, settled)"};
    static const struct label open = {"（暂定）", " (provisional)"};
    static const struct label none = {"", ""};
    return label_text(moved->provisional ? &open : moved->was_provisional ? &settled : &none, lang);
}

static void print_list(struct ctx *ctx, const struct asked *asked, const struct recount *recount)
{
    bool english = ctx->lang == LANG_EN;
    size_t settled = settled_count(recount);
    for (size_t i = 0; i < recount->ret_count; i++) {
        const struct moved *moved = &recount->ret_moved[i];
        const struct org *org = directory_org(asked->place.directory, moved->obligor);
        (void)printf("%s\t%s\t%s\t%s -> %s%s\n", moved->reference,
                     label_text(&moved->rule->label, ctx->lang),
                     org == NULL ? moved->obligor : label_text(&org->short_name, ctx->lang),
                     due_text(ctx->arena, moved, moved->was_ms),
                     due_text(ctx->arena, moved, moved->due_ms), mark_of(moved, ctx->lang));
    }
    (void)printf(english ? "%zu open deadlines: %zu move, %zu provisional ones stand as they are\n"
                         : "未结期限共%zu个：%zu个移动，另有%zu个暂定到期日不变而确定\n",
                 recount->ret_open, recount->ret_count - settled, settled);
    (void)puts(asked->apply ? (english ? "done" : "已执行")
                            : (english ? "nothing was changed; --apply does it"
                                       : "尚未更改；加--apply执行"));
}

/* A copy for people, beside the data; what counts lies in the database. */
static enum fault keep_copy(struct ctx *ctx, const struct asked *asked,
                            const struct recount *recount)
{
    const char *folder = arena_printf(ctx->arena, "%s/calendars", asked->data_dir);
    enum fault fault = file_make_folder(ctx, folder, 0700);
    return fault == FAULT_NONE ? file_write(ctx,
                                            arena_printf(ctx->arena, "%s/%s.yaml", folder,
                                                         calendar_edition(recount->next)),
                                            recount->text, strlen(recount->text), 0600)
                               : fault;
}

static enum fault count_anew(struct ctx *ctx, struct asked *asked, struct recount *recount)
{
    struct calendar_reading reading = {.region = asked->place.office.region};
    const struct actor system = {
        .kind = ACTOR_SYSTEM, .region = asked->place.office.region, .login = "system", .name = ""};
    ctx->actor = &system;
    enum fault fault = store_read(asked->place.store, ctx, read_kept, &reading);
    if (fault == FAULT_NONE && reading.kept.edition != NULL &&
        strcmp(reading.kept.edition, calendar_edition(recount->next)) == 0) {
        return ctx_fail(ctx, FAULT_DUPLICATE, "This calendar is in force already.",
                        "此日历已在使用。");
    }
    if (fault == FAULT_NONE && asked->apply) {
        fault = keep_copy(ctx, asked, recount);
    }
    if (fault == FAULT_NONE) {
        fault = asked->apply ? store_write(asked->place.store, ctx, matter_recount, recount)
                             : store_read(asked->place.store, ctx, matter_recount_look, recount);
    }
    ctx->actor = NULL;
    return fault;
}

static enum fault load(struct ctx *ctx, struct asked *asked)
{
    char *text = NULL;
    size_t count = 0;
    struct calendar *next = NULL;
    enum fault fault = file_read(ctx, asked->file, LIMIT_RULE_FILE_BYTES, &text, &count);
    if (fault == FAULT_NONE) {
        fault = calendar_read(ctx, asked->file, text, count, &next);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    struct recount recount = {.office = &asked->place.office, .next = next, .text = text};
    fault = count_anew(ctx, asked, &recount);
    if (fault == FAULT_NONE && asked->json) {
        print_json(ctx, asked, &recount);
    } else if (fault == FAULT_NONE) {
        print_list(ctx, asked, &recount);
    }
    calendar_destroy(next);
    return fault;
}

static enum fault do_asked(struct ctx *ctx, void *arg)
{
    struct asked *asked = arg;
    return strcmp(asked->verb, "show") == 0 ? show(ctx, asked) : load(ctx, asked);
}

static int open_and_run(struct asked *asked)
{
    struct workplace_options options = {.data_dir = asked->data_dir, .store_url = asked->store_url};
    return cli_within(&options, &asked->place, cli_lang(), do_asked, asked);
}

int cli_calendar(int argc, char **argv)
{
    struct asked asked = {.store_url = getenv("LIANDONG_STORE")};
    const char *words[2] = {NULL, NULL};
    const struct cli_flag flags[] = {{"--data", &asked.data_dir, NULL},
                                     {"--store", &asked.store_url, NULL},
                                     {"--apply", NULL, &asked.apply},
                                     {"--json", NULL, &asked.json}};
    size_t count = 0;
    if (!cli_flags(argc, argv, flags, sizeof flags / sizeof flags[0], words, 2, &count)) {
        return 2;
    }
    asked.verb = words[0];
    asked.file = words[1];
    bool shows = asked.verb != NULL && strcmp(asked.verb, "show") == 0 && asked.file == NULL;
    bool loads = asked.verb != NULL && strcmp(asked.verb, "load") == 0 && asked.file != NULL;
    if (asked.data_dir == NULL || (!shows && !loads)) {
        (void)fputs("liandong calendar show --data DIR [--json]\n"
                    "liandong calendar load FILE --data DIR [--apply] [--json]\n",
                    stderr);
        return 2;
    }
    return open_and_run(&asked);
}

/*
 * The demonstration's year: demo_year sqlite|postgres MINUTE... For each minute the command `init
 * --demo` plays it and everything is looked at; then it is played once more by the engine's own
 * function, on a fresh SQLite file, and must come out the same to the last fact. Prints the counts
 * of states and lights of the first.
 */
#include "base/clock.h"
#include "base/random.h"
#include "calendar/date.h"
#include "cli/cli.h"
#include "look.h"
#include "recount.h"
#include "testdb.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { NUMBERED_TRIES = 200, TRY_MS = 25 };

struct playing {
    struct arena *arena;
    const char *which;
    const char *minute;
    int64_t now_ms;
    struct look look;
};

static int play_by_command(struct playing *playing, const char *folder, const char *url)
{
    char *argv[] = {arena_text(playing->arena, "init"),
                    arena_text(playing->arena, "--data"),
                    arena_text(playing->arena, folder),
                    arena_text(playing->arena, "--store"),
                    arena_text(playing->arena, url),
                    arena_text(playing->arena, "--demo"),
                    arena_text(playing->arena, "--as-of"),
                    arena_text(playing->arena, playing->minute),
                    NULL};
    return cli_init(8, argv);
}

/* On PostgreSQL the sequencer gives numbers after the commit: waits until it has. */
static enum fault wait_for_numbers(struct ctx *ctx, struct playing *playing,
                                   struct workplace *place)
{
    enum fault fault = FAULT_NONE;
    struct look *look = &playing->look;
    for (unsigned i = 0; i < NUMBERED_TRIES && fault == FAULT_NONE; i++) {
        struct look quiet = *look;
        fault = store_read(place->store, ctx, look_at_deeds, &quiet);
        if (quiet.unnumbered == 0) {
            break;
        }
        const struct timespec pause = {.tv_nsec = TRY_MS * 1000000L};
        (void)nanosleep(&pause, NULL);
    }
    return fault;
}

static enum fault look_at_everything(struct ctx *ctx, struct playing *playing,
                                     struct workplace *place)
{
    static store_work *const looks[] = {look_at_states, look_at_desks,   look_at_deeds,
                                        look_at_papers, look_at_trouble, look_at_names,
                                        look_at_all};
    struct look *look = &playing->look;
    look->place = place;
    look->now_ms = playing->now_ms;
    enum fault fault = wait_for_numbers(ctx, playing, place);
    for (size_t i = 0; i < sizeof looks / sizeof looks[0] && fault == FAULT_NONE; i++) {
        fault = store_read(place->store, ctx, looks[i], look);
    }
    if (look->unnumbered > 0) {
        (void)printf("wrong: %lld events have no number\n", (long long)look->unnumbered);
        look->wrong++;
    }
    return fault;
}

static enum fault open_and_look(struct playing *playing, const char *folder, const char *url)
{
    struct ctx ctx;
    struct workplace place;
    struct workplace_options options = {.data_dir = folder, .store_url = url};
    const struct actor system = {.kind = ACTOR_SYSTEM, .name = "", .csrf = ""};
    ctx_init(&ctx, playing->arena, playing->now_ms);
    ctx.actor = &system;
    enum fault fault = workplace_open(&ctx, &options, &place);
    if (fault == FAULT_NONE) {
        fault = look_at_everything(&ctx, playing, &place);
        playing->look.wrong += (unsigned)recount_differences(&ctx, place.store, &place.office, url);
        workplace_close(&place);
    }
    if (fault != FAULT_NONE) {
        (void)printf("wrong: %s: %s\n", fault_name(fault), ctx.note == NULL ? "-" : ctx.note);
        playing->look.wrong++;
    }
    return fault;
}

/* ---- Once more, without the command ---- */

struct coded {
    const struct office *office;
    const char *code;
    int64_t matter;
};

static enum fault find_by_code(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct coded *coded = arg;
    return matter_by_code(ctx, tx, coded->office, coded->code, &coded->matter);
}

static enum fault play_and_digest(struct ctx *ctx, struct workplace *place, struct look *look)
{
    struct demo_made made;
    const char *folder = cli_share_path(ctx->arena, "rulebooks/zengdu-2021/demo");
    const char *bodies = arena_printf(ctx->arena, "%s/organisations.yaml", folder);
    enum fault fault = workplace_load_bodies(ctx, place, bodies, "demo password", true);
    if (fault == FAULT_NONE) {
        fault = demo_fill(ctx, place, folder, &made);
    }
    if (fault == FAULT_NONE) {
        struct coded coded = {.office = &place->office, .code = made.code};
        fault = store_read(place->store, ctx, find_by_code, &coded);
    }
    return fault == FAULT_NONE ? store_read(place->store, ctx, look_at_all, look) : fault;
}

static bool same_again(struct playing *playing, const char *folder)
{
    struct ctx ctx;
    struct workplace place;
    struct workplace_options options = {.data_dir = folder, .make = true};
    const struct actor system = {.kind = ACTOR_SYSTEM, .name = "", .csrf = ""};
    struct look again = {.place = &place, .now_ms = playing->now_ms};
    ctx_init(&ctx, playing->arena, playing->now_ms);
    ctx.actor = &system;
    enum fault fault = workplace_open(&ctx, &options, &place);
    if (fault == FAULT_NONE) {
        fault = play_and_digest(&ctx, &place, &again);
        workplace_close(&place);
    }
    if (fault != FAULT_NONE) {
        (void)printf("wrong: again: %s: %s\n", fault_name(fault),
                     ctx.note == NULL ? "-" : ctx.note);
        return false;
    }
    return memcmp(again.digest, playing->look.digest, DIGEST_BYTES) == 0;
}

static unsigned play(const char *which, const char *minute, bool table)
{
    SCOPED_ARENA arena = arena_create();
    struct playing playing = {.arena = arena, .which = which, .minute = minute};
    playing.look.table = table;
    char folder[] = "/tmp/liandong-demo-XXXXXX";
    if (!minute_parse(minute, &playing.now_ms) || mkdtemp(folder) == NULL) {
        return 1;
    }
    const char *first = arena_printf(arena, "%s/first", folder);
    const char *url = strcmp(which, "postgres") == 0
                          ? testdb_url(arena, which)
                          : arena_printf(arena, "sqlite:%s/liandong.db", first);
    int64_t begin_us = clock_monotonic_us();
    int status = play_by_command(&playing, first, url);
    int64_t took_ms = (clock_monotonic_us() - begin_us) / 1000;
    bool looked = status == 0 && open_and_look(&playing, first, url) == FAULT_NONE;
    playing.look.wrong += looked ? 0 : 1;
    if (looked && !same_again(&playing, arena_printf(arena, "%s/second", folder))) {
        (void)printf("wrong: played again it came out otherwise\n");
        playing.look.wrong++;
    }
    (void)printf("%s %s %s: %lld matters, %lld events in %lld ms, %u wrong\n",
                 playing.look.wrong == 0 ? "ok  " : "FAIL", which, minute,
                 (long long)playing.look.matters, (long long)playing.look.events,
                 (long long)took_ms, playing.look.wrong);
    (void)!system(arena_printf(arena, "rm -rf %s", folder));
    return playing.look.wrong;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        return 2;
    }
    unsigned wrong = 0;
    random_start();
    for (int i = 2; i < argc; i++) {
        wrong += play(argv[1], argv[i], i == 2);
    }
    return wrong == 0 ? 0 : 1;
}

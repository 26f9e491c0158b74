/* liandong init --data DIR [--store URL] [--rulebook DIR] [--bodies FILE] [--demo [--as-of
 * MINUTE]]: makes a data folder, with a copy of the rulebook as its first edition. --as-of plays
 * the demonstration as if it were then: for tests. */
#include "base/clock.h"
#include "base/file.h"
#include "base/random.h"
#include "calendar/date.h"
#include "cli/cli.h"
#include "cli/office.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Known to everybody: it opens nothing but a demonstration on loopback. */
static const char demo_password[] = "liandong-demo";

static enum fault mark_demo(struct ctx *ctx, const char *data_dir)
{
    return file_write(ctx, arena_printf(ctx->arena, "%s/demo", data_dir), demo_password,
                      strlen(demo_password), 0600);
}

static enum fault fill(struct ctx *ctx, struct workplace *place, const char *data_dir)
{
    const char *bodies =
        cli_share_path(ctx->arena, "rulebooks/zengdu-2021/demo/organisations.yaml");
    const char *folder = cli_share_path(ctx->arena, "rulebooks/zengdu-2021/demo");
    struct demo_made made;
    int64_t now_ms = ctx->now_ms;
    /* The bodies were there before the year that is played; ids then grow with time. */
    ctx->now_ms -= 400LL * 24 * 3600 * 1000;
    enum fault fault = workplace_load_bodies(ctx, place, bodies, demo_password, true);
    ctx->now_ms = now_ms;
    if (fault == FAULT_NONE) {
        fault = demo_fill(ctx, place, folder, &made);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    (void)printf("a year of %zu actions was played; receipt code of the newest filing: %s\n",
                 made.actions, made.code);
    return mark_demo(ctx, data_dir);
}

/* The first password comes from a file or the environment, never from the command line. */
static enum fault fill_bodies(struct ctx *ctx, struct workplace *place, const char *bodies)
{
    const char *password = getenv("LIANDONG_FIRST_PASSWORD");
    if (password == NULL || strlen(password) < 10) {
        return ctx_fail(ctx, FAULT_INVALID_FIELD,
                        "Set LIANDONG_FIRST_PASSWORD (10 characters or more) for the accounts.",
                        "请在环境变量LIANDONG_FIRST_PASSWORD中设置初始口令（不少于10个字符）。");
    }
    return workplace_load_bodies(ctx, place, bodies, password, false);
}

int cli_init(int argc, char **argv)
{
    const char *data_dir = NULL;
    const char *store_url = getenv("LIANDONG_STORE");
    const char *bodies = NULL;
    const char *as_of = NULL;
    const char *rulebook = NULL;
    bool demo = false;
    const struct cli_flag flags[] = {{"--data", &data_dir, NULL},     {"--store", &store_url, NULL},
                                     {"--bodies", &bodies, NULL},     {"--as-of", &as_of, NULL},
                                     {"--rulebook", &rulebook, NULL}, {"--demo", NULL, &demo}};
    size_t words = 0;
    if (!cli_flags(argc, argv, flags, sizeof flags / sizeof flags[0], NULL, 0, &words)) {
        return 2;
    }
    if (data_dir == NULL) {
        (void)fputs("liandong init: --data DIR is needed\n", stderr);
        return 2;
    }
    int64_t now_ms = clock_now_ms();
    if (as_of != NULL && !minute_parse(as_of, &now_ms)) {
        (void)fputs("liandong init: --as-of takes a minute like 2026-06-30T17:30\n", stderr);
        return 2;
    }
    random_start();
    struct arena *arena = arena_create();
    struct ctx ctx;
    struct workplace place;
    ctx_init(&ctx, arena, now_ms);
    ctx.lang = cli_lang();
    struct workplace_options options = {
        .data_dir = data_dir, .store_url = store_url, .rulebook_dir = rulebook, .make = true};
    enum fault fault = workplace_open(&ctx, &options, &place);
    if (fault == FAULT_NONE && demo) {
        fault = fill(&ctx, &place, data_dir);
    }
    if (fault == FAULT_NONE && bodies != NULL) {
        fault = fill_bodies(&ctx, &place, bodies);
    }
    workplace_close(&place);
    int status = fault == FAULT_NONE ? 0 : cli_failed(&ctx, fault);
    if (status == 0) {
        (void)printf("%s is ready\n", data_dir);
    }
    arena_destroy(arena);
    return status;
}

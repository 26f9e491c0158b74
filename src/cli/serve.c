/* liandong serve --data DIR [--listen ADDRESS:PORT] [--store URL] [--web DIR] ... */
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/random.h"
#include "base/text.h"
#include "calendar/date.h"
#include "cli/cli.h"
#include "cli/office.h"
#include "job/job.h"
#include "job/mail.h"
#include "job/paper.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct serving {
    const char *data_dir, *listen, *store_url, *web_dir, *upload_mib, *public_url;
    struct mail_options mail;
    const char *mail_password_file;
    const char *fonts_dir, *typesetter;
    const char *test_clock; /* The minute at which the clock stands until a test moves it. */
    bool secure, proxy, quiet;
};

/* "127.0.0.1:8080" or "[::1]:8080". */
static bool split_listen(struct arena *arena, const char *listen, const char **ret_address,
                         uint16_t *ret_port)
{
    const char *colon = strrchr(listen, ':');
    int64_t port = 0;
    if (colon == NULL || !text_to_int(colon + 1, 0, 65535, &port)) {
        return false;
    }
    bool brackets = listen[0] == '[' && colon > listen && colon[-1] == ']';
    const char *start = brackets ? listen + 1 : listen;
    *ret_address = arena_bytes(arena, start, (size_t)(colon - start) - (brackets ? 1 : 0));
    *ret_port = (uint16_t)port;
    return true;
}

static void read_demo(struct ctx *ctx, const char *data_dir, const char *address, struct api *api)
{
    char *password = NULL;
    size_t count = 0;
    bool loopback = text_starts(address, "127.") || strcmp(address, "::1") == 0;
    enum fault fault =
        file_read(ctx, arena_printf(ctx->arena, "%s/demo", data_dir), 200, &password, &count);
    api->demo = fault == FAULT_NONE && loopback;
    api->demo_password = api->demo ? password : NULL;
    ctx_clear(ctx);
    if (fault == FAULT_NONE && !loopback) {
        log_line("warn", "demo=refused reason=\"known passwords work on loopback only\"");
    }
}

static void wait_for_signal(void)
{
    sigset_t signals;
    int got = 0;
    (void)sigemptyset(&signals);
    (void)sigaddset(&signals, SIGINT);
    (void)sigaddset(&signals, SIGTERM);
    (void)sigwait(&signals, &got);
}

static void block_signals(void)
{
    sigset_t signals;
    (void)sigemptyset(&signals);
    (void)sigaddset(&signals, SIGINT);
    (void)sigaddset(&signals, SIGTERM);
    (void)pthread_sigmask(SIG_BLOCK, &signals, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
}

static enum fault start(struct ctx *ctx, const struct serving *serving, struct workplace *place,
                        struct api *api)
{
    const char *address = NULL;
    uint16_t port = 0;
    int64_t upload_mib = 0;
    if (!split_listen(ctx->arena, serving->listen, &address, &port)) {
        return ctx_fail(ctx, FAULT_INVALID_FIELD, "--listen: ADDRESS:PORT is expected.",
                        "--listen：应为 地址:端口。");
    }
    if (serving->upload_mib != NULL && !text_to_int(serving->upload_mib, 1, 4096, &upload_mib)) {
        return ctx_fail(ctx, FAULT_INVALID_FIELD, "--upload-max: 1 to 4096 (MiB) is expected.",
                        "--upload-max：应为1至4096（MiB）。");
    }
    const char *uploads = place->office.uploads_dir;
    enum fault fault = file_make_folder(ctx, uploads, 0700);
    if (fault != FAULT_NONE) {
        return fault;
    }
    read_demo(ctx, serving->data_dir, address, api);
    struct http_options options = {.address = address,
                                   .port = port,
                                   .upload_dir = uploads,
                                   .upload_bytes_max = upload_mib * 1024 * 1024,
                                   .web_dir = serving->web_dir,
                                   .owner = api,
                                   .quiet = serving->quiet,
                                   .authorize = api_authorize};
    options.routes = api_routes(&options.routes_count);
    fault = http_start(ctx, &options, &api->server);
    return fault;
}

static enum fault refuse_demo_elsewhere(struct ctx *ctx, const struct serving *serving)
{
    bool loopback = text_starts(serving->listen, "127.") || text_starts(serving->listen, "[::1]") ||
                    text_starts(serving->listen, "::1");
    bool demo = access(arena_printf(ctx->arena, "%s/demo", serving->data_dir), F_OK) == 0;
    return demo && (!loopback || serving->proxy)
               ? ctx_fail(ctx, FAULT_FORBIDDEN,
                          "Demonstration data has known passwords: it is served on loopback only.",
                          "演示数据口令公开，只能在本机地址上提供服务。")
               : FAULT_NONE;
}

/* The password's first line. It stays in memory as long as the server. */
static enum fault read_mail(struct ctx *ctx, struct serving *serving)
{
    char *password = NULL;
    size_t count = 0;
    enum fault fault =
        serving->mail.url == NULL ? FAULT_NONE : mail_options_check(ctx, &serving->mail);
    if (fault == FAULT_NONE && serving->mail.url != NULL && serving->mail_password_file != NULL) {
        fault = file_read(ctx, serving->mail_password_file, 1000, &password, &count);
    }
    if (password != NULL) {
        password[strcspn(password, "\r\n")] = 0;
        serving->mail.password = password;
    }
    return fault;
}

/* What people are told as the address: the one given, or where the server listens. */
static void set_public_url(struct ctx *ctx, const struct serving *serving, const struct api *api,
                           struct office *office)
{
    const char *url = serving->public_url;
    const char *colon = strrchr(serving->listen, ':');
    if (url == NULL) {
        url = arena_printf(ctx->arena, "http://%.*s:%u", (int)(colon - serving->listen),
                           serving->listen, http_port(api->server));
    }
    char *copy = arena_text(ctx->arena, url);
    for (size_t end = strlen(copy); end > 0 && copy[end - 1] == '/'; end--) {
        copy[end - 1] = 0;
    }
    office->public_url = copy;
}

/* Without a typesetter the server works; papers are issued and wait for their PDF. */
static void start_typesetters(struct ctx *ctx, const struct serving *serving, struct api *api)
{
    const struct typesetters_options options = {.program = serving->typesetter,
                                                .fonts_dir = serving->fonts_dir};
    bool wanted = serving->typesetter == NULL || strcmp(serving->typesetter, "none") != 0;
    if (wanted && typesetters_start(ctx, &options, &api->typesetters) != FAULT_NONE) {
        api->typesetters = NULL;
        log_line("warn", "typesetters=none reason=\"liandong-typeset can not be started\"");
    }
    ctx_clear(ctx);
}

static void paper_changed(void *arg, int64_t matter)
{
    api_changed(arg, matter);
}

static struct paper_setter *start_setter(struct api *api, const struct workplace *place)
{
    const struct paper_setting_options options = {.store = place->store,
                                                  .office = &place->office,
                                                  .typesetters = api->typesetters,
                                                  .changed = paper_changed,
                                                  .changed_arg = api};
    return api->typesetters == NULL ? NULL : paper_setter_start(&options);
}

static enum fault serve(struct ctx *ctx, struct serving *serving)
{
    struct workplace place;
    struct api api;
    struct workplace_options options = {.data_dir = serving->data_dir,
                                        .store_url = serving->store_url};
    enum fault fault = refuse_demo_elsewhere(ctx, serving);
    if (fault == FAULT_NONE) {
        fault = read_mail(ctx, serving);
    }
    if (fault == FAULT_NONE) {
        fault = workplace_open(ctx, &options, &place);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    api_init(&api);
    api.store = place.store;
    api.office = &place.office;
    api.test_clock = serving->test_clock != NULL;
    api.secure_cookies = serving->secure;
    api.trust_proxy = serving->proxy;
    api.mail_available = serving->mail.url != NULL;
    start_typesetters(ctx, serving, &api);
    fault = start(ctx, serving, &place, &api);
    if (fault == FAULT_NONE) {
        set_public_url(ctx, serving, &api, &place.office);
        struct jobs *jobs = jobs_start(&(struct jobs_options){.store = place.store,
                                                              .office = &place.office,
                                                              .acts = serving->test_clock == NULL,
                                                              .tell = api_tell_messages,
                                                              .tell_arg = &api});
        struct paper_setter *setter = start_setter(&api, &place);
        struct mailer *mailer = serving->mail.url == NULL
                                    ? NULL
                                    : mailer_start(place.store, &place.office, &serving->mail);
        (void)printf("http://%s  (%s)\n", serving->listen, store_scheme(place.store));
        (void)printf("port %u\n", http_port(api.server));
        (void)fflush(stdout);
        wait_for_signal();
        http_quiesce(api.server);
        api_drain(&api);
        mailer_stop(mailer);
        paper_setter_stop(setter);
        jobs_stop(jobs);
        store_drain(place.store);
        http_stop(api.server);
    }
    api_done(&api);
    typesetters_stop(api.typesetters);
    workplace_close(&place);
    return fault;
}

/* Before anything asks for the time: nothing may happen at today's date in a test of another. */
static bool stop_clock(const char *minute)
{
    int64_t now_ms = 0;
    if (minute != NULL && !minute_parse(minute, &now_ms)) {
        return false;
    }
    clock_set(now_ms);
    return true;
}

int cli_serve(int argc, char **argv)
{
    struct serving s = {.listen = "127.0.0.1:8080", .store_url = getenv("LIANDONG_STORE")};
    const struct cli_flag flags[] = {{"--data", &s.data_dir, NULL},
                                     {"--listen", &s.listen, NULL},
                                     {"--store", &s.store_url, NULL},
                                     {"--web", &s.web_dir, NULL},
                                     {"--upload-max", &s.upload_mib, NULL},
                                     {"--public-url", &s.public_url, NULL},
                                     {"--mail-url", &s.mail.url, NULL},
                                     {"--mail-from", &s.mail.from, NULL},
                                     {"--mail-user", &s.mail.user, NULL},
                                     {"--mail-password-file", &s.mail_password_file, NULL},
                                     {"--mail-ca", &s.mail.ca_file, NULL},
                                     {"--mail-plain", NULL, &s.mail.plain},
                                     {"--fonts", &s.fonts_dir, NULL},
                                     {"--typesetter", &s.typesetter, NULL},
                                     {"--test-clock", &s.test_clock, NULL},
                                     {"--secure", NULL, &s.secure},
                                     {"--behind-proxy", NULL, &s.proxy},
                                     {"--quiet", NULL, &s.quiet}};
    size_t words = 0;
    if (!cli_flags(argc, argv, flags, sizeof flags / sizeof flags[0], NULL, 0, &words)) {
        return 2;
    }
    if (s.data_dir == NULL) {
        (void)fputs("liandong serve: --data DIR is needed (made by liandong init)\n", stderr);
        return 2;
    }
    if (!stop_clock(s.test_clock)) {
        (void)fputs("liandong serve: --test-clock: YYYY-MM-DDTHH:MM is expected\n", stderr);
        return 2;
    }
    random_start();
    block_signals();
    struct arena *arena = arena_create();
    struct ctx ctx;
    ctx_init(&ctx, arena, clock_now_ms());
    ctx.lang = cli_lang();
    s.web_dir = s.web_dir != NULL ? s.web_dir : cli_pages_path(arena);
    enum fault fault = serve(&ctx, &s);
    int status = fault == FAULT_NONE ? 0 : cli_failed(&ctx, fault);
    arena_destroy(arena);
    return status;
}

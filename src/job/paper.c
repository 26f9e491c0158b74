#include "job/paper.h"

#include "base/bell.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { ROUND_PAPERS = 64, PERIOD_MS = 20 * 1000, HANDS = 2 };

/* Papers of one round; each hand takes the next until none is left. */
struct round {
    const struct paper_setting_options *options;
    int64_t now_ms;
    int64_t papers[ROUND_PAPERS];
    size_t count;
    int64_t next_ms;
    _Atomic size_t taken;
    _Atomic unsigned set, failed, busy;
};

static void system_ctx(struct ctx *ctx, struct arena *arena, int64_t now_ms,
                       const struct office *office)
{
    struct actor *actor = arena_alloc(arena, sizeof *actor);
    *actor = (struct actor){.kind = ACTOR_SYSTEM, .region = office->region, .name = ""};
    ctx_init(ctx, arena, now_ms);
    ctx->lang = LANG_ZH;
    ctx->actor = actor;
}

/* The file lies in its place, synced, before any row names it. */
static enum fault keep_file(struct ctx *ctx, const struct office *office,
                            const struct typeset_result *result, const struct digest *digest)
{
    char sha256[DIGEST_HEX];
    text_hex(digest->sha256, DIGEST_BYTES, sha256);
    const char *folder = arena_printf(ctx->arena, "%s/%.2s", office->files_dir, sha256);
    enum fault fault = file_make_folder(ctx, folder, 0700);
    return fault == FAULT_NONE ? file_write(ctx, matter_file_path(ctx->arena, office, sha256),
                                            result->bytes, result->count, 0600)
                               : fault;
}

static enum fault set_content(struct ctx *ctx, const struct paper_setting_options *options,
                              const struct paper_job *job, struct paper_outcome *outcome)
{
    const struct office *office = options->office;
    const char *url = office->public_url == NULL ? "" : office->public_url;
    const char *content = paper_setting(ctx->arena, job->content, url, job->check);
    struct typeset_result result;
    enum fault fault =
        typesetters_set(options->typesetters, ctx, content, strlen(content), TYPESET_PDF, &result);
    if (fault != FAULT_NONE) {
        return fault;
    }
    digest_of(result.bytes, result.count, &outcome->digest);
    outcome->bytes = (int64_t)result.count;
    outcome->pages = result.pages;
    outcome->fonts = arena_text(ctx->arena, result.fonts);
    return keep_file(ctx, office, &result, &outcome->digest);
}

/* Records how it went. Only a claim that still holds counts. */
static enum fault settle(struct ctx *ctx, struct round *round, struct paper_outcome *outcome)
{
    const struct paper_setting_options *options = round->options;
    bool set = outcome->fault == FAULT_NONE;
    enum fault fault = store_write(options->store, ctx, set ? paper_set : paper_failed, outcome);
    if (fault != FAULT_NONE || !outcome->ret_kept) {
        return fault;
    }
    if (set) {
        round->set++;
    } else if (outcome->fault == FAULT_BUSY) {
        round->busy++;
    } else {
        round->failed++;
        log_line("error", "job=paper fault=%s tries=%lld", fault_name(outcome->fault),
                 (long long)outcome->job->tries);
    }
    if (options->changed != NULL && outcome->fault != FAULT_BUSY) {
        options->changed(options->changed_arg, outcome->job->matter);
    }
    return FAULT_NONE;
}

static enum fault set_one(struct ctx *ctx, struct round *round, int64_t paper)
{
    const struct paper_setting_options *options = round->options;
    struct paper_job job = {.office = options->office, .paper = paper};
    enum fault fault = store_write(options->store, ctx, paper_claim, &job);
    if (fault != FAULT_NONE || !job.ret_claimed) {
        return fault;
    }
    struct paper_outcome outcome = {.job = &job};
    outcome.fault = set_content(ctx, options, &job, &outcome);
    outcome.error = ctx->note;
    ctx_clear(ctx);
    return settle(ctx, round, &outcome);
}

static void *work(void *arg)
{
    struct round *round = arg;
    struct arena *arena = arena_create();
    for (size_t i = round->taken++; i < round->count; i = round->taken++) {
        struct ctx ctx;
        system_ctx(&ctx, arena, round->now_ms, round->options->office);
        enum fault fault = set_one(&ctx, round, round->papers[i]);
        if (fault != FAULT_NONE) {
            log_line("error", "job=paper fault=%s", fault_name(fault));
        }
        arena_reset(arena);
    }
    arena_destroy(arena);
    return NULL;
}

static enum fault list(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct round *round = arg;
    return papers_waiting(ctx, tx, round->options->office, round->papers, ROUND_PAPERS,
                          &round->count, &round->next_ms);
}

enum fault job_papers(struct ctx *ctx, const struct paper_setting_options *options,
                      struct paper_round *ret_round)
{
    struct round round = {.options = options, .now_ms = ctx->now_ms};
    *ret_round = (struct paper_round){.set = 0};
    enum fault fault = store_read(options->store, ctx, list, &round);
    if (fault != FAULT_NONE) {
        return fault;
    }
    /* As many hands as the typesetters have workers, if there is work for them. */
    pthread_t hands[HANDS];
    size_t helping = 0;
    while (helping + 1 < HANDS && helping + 1 < round.count &&
           pthread_create(&hands[helping], NULL, work, &round) == 0) {
        helping++;
    }
    (void)work(&round);
    for (size_t i = 0; i < helping; i++) {
        (void)pthread_join(hands[i], NULL);
    }
    *ret_round = (struct paper_round){
        .set = round.set, .failed = round.failed, .busy = round.busy, .next_ms = round.next_ms};
    return FAULT_NONE;
}

struct paper_setter {
    struct paper_setting_options options;
    pthread_t thread;
};

/* How long to sleep after a round: not beyond the next paper's time; a set clock never moves, so
 * at least a moment. */
static int64_t rest_ms(const struct paper_round *round, int64_t now_ms)
{
    int64_t left_ms = round->next_ms == 0 ? PERIOD_MS : round->next_ms - now_ms;
    bool more = round->set + round->failed + round->busy >= ROUND_PAPERS;
    left_ms = left_ms > PERIOD_MS ? PERIOD_MS : left_ms;
    return more ? 1 : left_ms < 100 ? 100 : left_ms;
}

static void *run(void *arg)
{
    struct paper_setter *setter = arg;
    struct arena *arena = arena_create();
    int64_t wait_ms = 1;
    while (bell_wait(setter->options.office->paper_bell, wait_ms)) {
        struct ctx ctx;
        struct paper_round round;
        system_ctx(&ctx, arena, clock_now_ms(), setter->options.office);
        enum fault fault = job_papers(&ctx, &setter->options, &round);
        if (fault != FAULT_NONE) {
            log_line("error", "job=papers fault=%s", fault_name(fault));
        }
        wait_ms = fault == FAULT_NONE ? rest_ms(&round, ctx.now_ms) : PERIOD_MS;
        arena_reset(arena);
    }
    arena_destroy(arena);
    return NULL;
}

struct paper_setter *paper_setter_start(const struct paper_setting_options *options)
{
    assert(options->office->paper_bell != NULL && options->typesetters != NULL);
    struct paper_setter *setter = calloc(1, sizeof *setter);
    if (setter == NULL) {
        abort();
    }
    setter->options = *options;
    int failed = pthread_create(&setter->thread, NULL, run, setter);
    assert(failed == 0);
    return setter;
}

void paper_setter_stop(struct paper_setter *setter)
{
    if (setter != NULL) {
        bell_stop(setter->options.office->paper_bell);
        (void)pthread_join(setter->thread, NULL);
        free(setter);
    }
}

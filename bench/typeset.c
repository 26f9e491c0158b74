/*
 * bench_typeset CONTENT.json [SECONDS]: how fast papers are set. First in this process, then
 * through the pool with one and with two workers, two threads asking for each. On a machine that
 * does other things too, the processor time of a paper is the figure to look at.
 */
#include "typeset/typeset.h"

#include "base/clock.h"
#include "base/file.h"
#include "document/document.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { WORKERS_MOST = 2, THREADS_EACH = 2 };

struct bench {
    struct typesetters *pool;
    const char *content;
    size_t count;
    int64_t until_us;
    atomic_uint done;
};

static long resident_kb(void)
{
    char line[256];
    long kilobytes = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "VmRSS:", 6) == 0) {
            kilobytes = strtol(line + 6, NULL, 10);
        }
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return kilobytes;
}

/* Processor time of this process, or of its children that have ended. */
static double processor_ms(int who)
{
    struct rusage used;
    (void)getrusage(who, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e3 +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e3;
}

static void *ask(void *arg)
{
    struct bench *bench = arg;
    struct arena *arena = arena_create();
    while (clock_monotonic_us() < bench->until_us) {
        struct ctx ctx;
        struct typeset_result result;
        arena_reset(arena);
        ctx_init(&ctx, arena, 0);
        if (typesetters_set(bench->pool, &ctx, bench->content, bench->count, TYPESET_PDF,
                            &result) != FAULT_NONE) {
            (void)fprintf(stderr, "bench_typeset: %s\n", ctx.note);
            exit(1);
        }
        atomic_fetch_add(&bench->done, 1);
    }
    arena_destroy(arena);
    return NULL;
}

static void run_pool(struct ctx *ctx, struct bench *bench, unsigned workers, unsigned seconds)
{
    pthread_t threads[WORKERS_MOST * THREADS_EACH];
    struct typeset_result result;
    const struct typesetters_options options = {.workers = workers};
    if (typesetters_start(ctx, &options, &bench->pool) != FAULT_NONE) {
        (void)fprintf(stderr, "bench_typeset: %s\n", ctx->note);
        exit(1);
    }
    for (unsigned i = 0; i < workers; i++) {
        enum fault fault =
            typesetters_set(bench->pool, ctx, bench->content, bench->count, TYPESET_PDF, &result);
        (void)fault; /* Loads the fonts. */
    }
    double children_ms = processor_ms(RUSAGE_CHILDREN);
    long before_kb = resident_kb();
    int64_t begun_us = clock_monotonic_us();
    atomic_store(&bench->done, 0);
    bench->until_us = begun_us + (int64_t)seconds * 1000000;
    for (unsigned i = 0; i < workers * THREADS_EACH; i++) {
        (void)pthread_create(&threads[i], NULL, ask, bench);
    }
    for (unsigned i = 0; i < workers * THREADS_EACH; i++) {
        (void)pthread_join(threads[i], NULL);
    }
    double took = (double)(clock_monotonic_us() - begun_us) / 1e6;
    long grown_kb = resident_kb() - before_kb;
    unsigned done = atomic_load(&bench->done);
    typesetters_stop(bench->pool);
    (void)printf(
        "pool of %u: %.1f papers/s, processor %.1f ms each; the asking process grew by %ld KB\n",
        workers, done / took, (processor_ms(RUSAGE_CHILDREN) - children_ms) / done, grown_kb);
}

static void run_here(struct bench *bench, enum typeset_format format, const char *name)
{
    static const char *const folders[] = {"build/fonts", "/usr/share/fonts"};
    struct arena *arena = arena_create();
    struct arena *own = arena_create();
    struct typesetter *typesetter = NULL;
    struct ctx ctx;
    struct typeset_result result = {0};
    ctx_init(&ctx, own, 0);
    int64_t begun_us = clock_monotonic_us();
    if (typesetter_create(&ctx, folders, 2, &typesetter) != FAULT_NONE) {
        (void)fprintf(stderr, "bench_typeset: %s\n", ctx.note);
        exit(1);
    }
    double fonts_ms = (double)(clock_monotonic_us() - begun_us) / 1e3;
    double first_ms = 0;
    double own_ms = 0;
    unsigned count = 0;
    begun_us = clock_monotonic_us();
    for (; count < 101; count++) {
        arena_reset(arena);
        ctx_init(&ctx, arena, 0);
        enum fault fault =
            typesetter_set(typesetter, &ctx, bench->content, bench->count, format, &result);
        (void)fault;
        if (count == 0) {
            first_ms = (double)(clock_monotonic_us() - begun_us) / 1e3;
            begun_us = clock_monotonic_us();
            own_ms = processor_ms(RUSAGE_SELF);
        }
    }
    (void)printf("%s: fonts %.0f ms, first paper %.1f ms, then %.1f ms each (processor %.1f ms);"
                 " %u pages, %zu bytes\n",
                 name, fonts_ms, first_ms, (double)(clock_monotonic_us() - begun_us) / 1e5,
                 (processor_ms(RUSAGE_SELF) - own_ms) / 100, result.pages, result.count);
    typesetter_destroy(typesetter);
    arena_destroy(arena);
    arena_destroy(own);
}

int main(int argc, char **argv)
{
    struct arena *arena = arena_create();
    struct ctx ctx;
    struct bench bench = {0};
    char *content = NULL;
    ctx_init(&ctx, arena, 0);
    if (argc < 2 || file_read(&ctx, argv[1], 1024 * 1024, &content, &bench.count) != FAULT_NONE) {
        (void)fputs("bench_typeset CONTENT.json [SECONDS]\n", stderr);
        return 2;
    }
    unsigned seconds = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 5;
    bench.content = content;
    run_here(&bench, TYPESET_PDF, "PDF");
    run_here(&bench, TYPESET_OFD, "OFD");
    for (unsigned workers = 1; workers <= WORKERS_MOST; workers++) {
        run_pool(&ctx, &bench, workers, seconds);
    }
    arena_destroy(arena);
    return 0;
}

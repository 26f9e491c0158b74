/*
 * bench_bare --data DIR [--store URL] [--group N] [--seconds S]: how fast the machine and the
 * database alone write what one action writes. Lets the engine start one matter (bench/work.h),
 * writes down its statements, then runs them with other ids in a bare loop. The data folder must be
 * made by liandong init, and is spoilt by this.
 *
 * --group: SQLite: actions of one transaction; PostgreSQL: connections. Prints one line.
 */
#include "bare.h"

#include "base/clock.h"
#include "base/random.h"
#include "cli/cli.h"
#include "cli/office.h"
#include "work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static const char bench_key[] = "bare-000000000000000001";

struct watching {
    struct act_call call;
    struct recording *recording;
};

static enum fault watch(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct watching *watching = arg;
    record_begin(watching->recording);
    enum fault fault = matter_act(ctx, tx, &watching->call);
    record_end();
    return fault;
}

/* Ids only grow: those the engine made here are the matter's, which comes first, and above. */
static void find_ids(struct recording *recording, int64_t matter)
{
    for (size_t i = 0; i < recording->count; i++) {
        const struct statement *statement = &recording->statements[i];
        for (size_t j = 0; j < statement->args_count; j++) {
            int64_t value = statement->args[j].integer;
            bool known = statement->args[j].kind != SQL_INT || value < matter;
            for (size_t k = 0; k < recording->ids_count && !known; k++) {
                known = recording->ids[k] == value;
            }
            if (!known && recording->ids_count < IDS_MAX) {
                recording->ids[recording->ids_count++] = value;
            }
        }
        if (strncmp(statement->text, "INSERT INTO matter (", 20) == 0) {
            recording->reference = statement->args[2].data;
        }
    }
    recording->key = bench_key;
}

static enum fault record(struct ctx *ctx, const struct workplace_options *options,
                         struct recording *recording)
{
    struct workplace place;
    struct act_fact facts[WORK_FACTS];
    for (size_t i = 0; i < WORK_FACTS; i++) {
        facts[i] = (struct act_fact){.code = work_facts[i].code, .value = work_facts[i].value};
    }
    struct watching watching = {.recording = recording};
    watching.call.input = (struct act_input){.procedure = WORK_PROCEDURE,
                                             .action = WORK_ACTION,
                                             .version = -1,
                                             .key = bench_key,
                                             .facts = facts,
                                             .facts_count = WORK_FACTS};
    enum fault fault = workplace_open(ctx, options, &place);
    if (fault != FAULT_NONE) {
        return fault;
    }
    watching.call.office = &place.office;
    struct actor *actor = NULL;
    fault = workplace_actor(ctx, &place, work_logins[0], &actor);
    ctx->actor = actor;
    if (fault == FAULT_NONE) {
        fault = store_write(place.store, ctx, watch, &watching);
    }
    workplace_close(&place);
    find_ids(recording, watching.call.ret_matter);
    return fault;
}

static double cpu_seconds(void)
{
    struct rusage used;
    (void)getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static void report(const struct recording *recording, double rate, double cpu_us)
{
    size_t writes = 0;
    size_t bytes = 0;
    for (size_t i = 0; i < recording->count; i++) {
        const struct statement *statement = &recording->statements[i];
        writes += statement->writes ? 1 : 0;
        for (size_t j = 0; statement->writes && j < statement->args_count; j++) {
            bytes += statement->args[j].kind == SQL_INT ? 8 : statement->args[j].bytes;
        }
    }
    (void)printf("rate=%.0f statements=%zu writes=%zu bytes=%zu cpu_us=%.0f\n", rate,
                 recording->count, writes, bytes, cpu_us);
}

int main(int argc, char **argv)
{
    static struct recording recording;
    const char *data = NULL;
    const char *store = NULL;
    const char *group = "1";
    const char *seconds = "2";
    const struct cli_flag flags[] = {{"--data", &data, NULL},
                                     {"--store", &store, NULL},
                                     {"--group", &group, NULL},
                                     {"--seconds", &seconds, NULL}};
    size_t words = 0;
    if (!cli_flags(argc, argv, flags, 4, NULL, 0, &words) || data == NULL) {
        (void)fputs("bench_bare: see the head of bench/bare.c\n", stderr);
        return 2;
    }
    random_start();
    struct arena *arena = arena_create();
    struct ctx ctx;
    ctx_init(&ctx, arena, clock_now_ms());
    struct workplace_options options = {.data_dir = data, .store_url = store};
    enum fault fault = record(&ctx, &options, &recording);
    if (fault != FAULT_NONE) {
        return cli_failed(&ctx, fault);
    }
    struct bare_options bare = {.url = store,
                                .group = (unsigned)strtoul(group, NULL, 10),
                                .seconds = strtod(seconds, NULL)};
    if (store == NULL) {
        bare.url = arena_printf(arena, "sqlite:%s/liandong.db", data);
    }
    bool sqlite = strncmp(bare.url, "sqlite:", 7) == 0;
    double cpu = cpu_seconds();
    double rate = sqlite ? bare_sqlite(&recording, &bare) : bare_postgres(&recording, &bare);
    double actions = rate * bare.seconds;
    report(&recording, rate, actions > 0 ? (cpu_seconds() - cpu) * 1e6 / actions : 0);
    arena_destroy(arena);
    return 0;
}

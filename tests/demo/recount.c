/*
 * The figures of the demonstration's year: demo_recount sqlite|postgres MINUTE. They are what the
 * events say; each kind of damage is seen by a recount and mended by a repair; events without an
 * entry, as release 0.1 wrote them, come to the same figures.
 */
#include "recount.h"

#include "base/random.h"
#include "calendar/date.h"
#include "cli/cli.h"
#include "cli/office.h"
#include "matter/figure.h"
#include "store/sql.h"
#include "testdb.h"

#include <assert.h>
#include <string.h>

struct damage {
    const char *what;
    const char *statements[3];
};

static const struct damage damages[] = {
    {"an entry that counts twice",
     {"UPDATE tally_entry SET counts = counts || '_started,,,1,0;' WHERE event ="
      " (SELECT min(event) FROM tally_entry)"}},
    {"an entry that is gone",
     {"DELETE FROM tally_entry WHERE event = (SELECT max(event) FROM tally_entry)"}},
    {"an entry of no event",
     {"INSERT INTO tally_entry (region, day, event, counts) VALUES (421303, 20000, 7, "
      "'x,,,1,0;')"}},
    {"a sum too high",
     {"UPDATE tally SET amount = amount + 1 WHERE unit = 1 AND measure = '_closed'"}},
    {"days too many", {"UPDATE tally SET days = days + 1 WHERE unit = 2 AND measure = '_closed'"}},
    {"sums that are gone", {"DELETE FROM tally WHERE measure = 'duty_met'"}},
    {"a sum of nothing",
     {"INSERT INTO tally (region, unit, period, measure, body, split, amount, days)"
      " VALUES (421303, 2, 20000, 'x', '', '', 1, 0)"}},
    {"a record that was never counted",
     {"DELETE FROM tally_entry", "DELETE FROM tally", "DELETE FROM tally_state"}},
};

static enum fault spoil(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    const struct damage *damage = arg;
    enum fault fault = FAULT_NONE;
    for (unsigned i = 0; i < 3 && damage->statements[i] != NULL && fault == FAULT_NONE; i++) {
        fault = sql_run(tx, ctx, damage->statements[i], SQL_NO_ARGS, NULL);
    }
    return fault;
}

/* All tables and marks of the year as one text. */
static const char *figures_text(struct ctx *ctx, struct workplace *place)
{
    struct appraisal_asked marks = {.office = &place->office};
    struct figures_asked asked = {.office = &place->office};
    struct buffer text;
    buffer_init(&text, ctx->arena);
    bool parsed = figure_period_parse(ctx->arena, "2026", &asked.period);
    assert(parsed);
    marks.period = asked.period;
    enum fault fault = store_read(place->store, ctx, figures_read, &asked);
    if (fault == FAULT_NONE) {
        fault = store_read(place->store, ctx, appraisal_read, &marks);
    }
    assert(fault == FAULT_NONE);
    for (size_t i = 0; i < asked.ret_tables_count; i++) {
        const struct figure_shown *shown = &asked.ret_tables[i];
        for (size_t k = 0; k < shown->rows_count; k++) {
            for (size_t c = 0; c < shown->table->columns_count; c++) {
                buffer_printf(&text, "%s ", figure_text(ctx->arena, &shown->rows[k].values[c]));
            }
        }
        buffer_char(&text, '\n');
    }
    buffer_text(&text, appraisal_text(ctx, &marks.ret_appraisal));
    return text.data;
}

static unsigned try_damage(struct ctx *ctx, struct workplace *place, struct damage damage,
                           const char *right)
{
    enum fault fault = store_write(place->store, ctx, spoil, &damage);
    struct tally_recount seen = {.office = &place->office};
    struct tally_recount mended = {.office = &place->office, .repair = true};
    if (fault == FAULT_NONE) {
        fault = store_read(place->store, ctx, tally_recount, &seen);
    }
    if (fault == FAULT_NONE) {
        fault = store_write(place->store, ctx, tally_recount, &mended);
    }
    assert(fault == FAULT_NONE);
    bool good = seen.ret_differences > 0 && seen.ret_lines[0] != 0 &&
                recount_once(ctx, place->store, &place->office, damage.what) == 0 &&
                strcmp(figures_text(ctx, place), right) == 0;
    (void)printf("%s %s: %lld differences seen\n", good ? "ok  " : "FAIL", damage.what,
                 (long long)seen.ret_differences);
    return good ? 0 : 1;
}

static unsigned look(struct ctx *ctx, struct workplace *place)
{
    unsigned wrong = (unsigned)recount_once(ctx, place->store, &place->office, "as played");
    const char *right = figures_text(ctx, place);
    enum fault fault = recount_fold(ctx, place->store, &place->office);
    assert(fault == FAULT_NONE);
    if (strcmp(figures_text(ctx, place), right) != 0) {
        (void)puts("FAIL the sums say otherwise than the entries");
        wrong++;
    }
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        wrong += try_damage(ctx, place, damages[i], right);
    }
    return wrong;
}

int main(int argc, char **argv)
{
    struct ctx ctx;
    struct workplace place;
    char folder[] = "/tmp/liandong-recount-XXXXXX";
    int64_t now_ms = 0;
    if (argc != 3 || !minute_parse(argv[2], &now_ms) || mkdtemp(folder) == NULL) {
        return 2;
    }
    random_start();
    SCOPED_ARENA arena = arena_create();
    ctx_init(&ctx, arena, now_ms);
    const char *url = strcmp(argv[1], "postgres") == 0
                          ? testdb_url(arena, argv[1])
                          : arena_printf(arena, "sqlite:%s/liandong.db", folder);
    char *words[] = {
        arena_text(arena, "init"),    arena_text(arena, "--data"), arena_text(arena, folder),
        arena_text(arena, "--store"), arena_text(arena, url),      arena_text(arena, "--demo"),
        arena_text(arena, "--as-of"), arena_text(arena, argv[2]),  NULL};
    struct workplace_options options = {.data_dir = folder, .store_url = url};
    unsigned wrong = cli_init(8, words) == 0 ? 0 : 1;
    if (wrong == 0 && workplace_open(&ctx, &options, &place) == FAULT_NONE) {
        const struct actor program = {
            .kind = ACTOR_SYSTEM, .region = place.office.region, .name = "", .csrf = ""};
        ctx.actor = &program;
        wrong = look(&ctx, &place);
        workplace_close(&place);
    } else {
        wrong++;
    }
    (void)!system(arena_printf(arena, "rm -rf %s", folder));
    return wrong == 0 ? 0 : 1;
}

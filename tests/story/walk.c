/*
 * Random walks: walk sqlite::memory:|postgres RULEBOOK_DIR FIRST_SEED COUNT [--trace SEED]. Each
 * walk has its seed: somebody starts a matter, and then whoever may does something, at some time,
 * with whatever could be entered; now and then somebody tries what he may not. After each step the
 * record must hold together (walk_check.c). What was done least is done rather, so a walk depends
 * on those before it: the same FIRST_SEED and COUNT on the same rulebook walk the same way again,
 * and
 * --trace tells one of them step by step.
 */
#include "walk.h"

#include "base/file.h"
#include "base/id.h"
#include "base/random.h"
#include "base/text.h"
#include "calendar/date.h"
#include "testdb.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* So many walks must get to every action. */
enum { WALKS_REACH_ALL = 2500 };
enum { STEPS = 60, TOLD_PERCENT = 30, MINUTE_MS = 60 * 1000, ACTIONS = 64, WRONG_MAX = 20 };

uint64_t walk_below(struct walking *w, uint64_t bound)
{
    /* splitmix64 */
    uint64_t z = w->random += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    z ^= z >> 31;
    return bound == 0 ? 0 : z % bound;
}

bool walk_chance(struct walking *w, unsigned percent)
{
    return walk_below(w, 100) < percent;
}

void walk_complain(struct walking *w, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)printf("seed %llu step %u: ", (unsigned long long)w->seed, w->step);
    (void)vprintf(format, args);
    (void)putchar('\n');
    va_end(args);
    w->wrong++;
}

unsigned *walk_performed(const struct walking *w, const struct rules_procedure *procedure,
                         const struct rules_action *action)
{
    return &w->performed[(size_t)(procedure - w->book->procedures) * ACTIONS + action->index];
}

/* ---- Steps ---- */

struct offering {
    struct walking *w;
    const struct matter *m;
    uint64_t offers;
};

static enum fault find_offers(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct offering *offering = arg;
    return matter_offers(ctx, tx, &offering->w->place.office, offering->m, &offering->offers);
}

/* Actions of people whose conditions hold now, whoever may. */
static uint64_t possible_actions(struct walking *w, struct ctx *ctx, const struct matter *m)
{
    struct offering offering = {.w = w, .m = m};
    ctx->actor = &w->system;
    enum fault fault = store_read(w->place.store, ctx, find_offers, &offering);
    if (fault != FAULT_NONE) {
        walk_complain(w, "%s: what is offered can't be told", m->procedure->code);
    }
    return walk_chance(w, 5) ? ~0ull : offering.offers;
}

static const struct rules_action *some_action(struct walking *w, struct ctx *ctx,
                                              const struct matter *m, unsigned *ret_done)
{
    uint64_t possible = possible_actions(w, ctx, m);
    const struct rules_action *chosen = NULL;
    unsigned least = 0;
    size_t seen = 0;
    bool rare = walk_chance(w, 60);
    for (size_t i = 0; i < m->procedure->actions_count; i++) {
        const struct rules_action *action = &m->procedure->actions[i];
        if (action->starts || action->by_system || (possible & 1ull << i) == 0 ||
            (action->from & 1ull << m->state->index) == 0) {
            continue;
        }
        unsigned done = *walk_performed(w, m->procedure, action);
        bool better = rare ? chosen == NULL || done < least : walk_below(w, ++seen) == 0;
        if (better) {
            chosen = action;
            least = done;
        }
    }
    *ret_done = least;
    return chosen;
}

/* Somebody tries anything: what he enters is nonsense in part, and he may be the wrong one. */
static void try_wild(struct walking *w, struct ctx *ctx, const struct matter *m)
{
    struct actor *actor = arena_alloc(ctx->arena, sizeof *actor);
    const struct directory *directory = w->place.directory;
    const struct rules_action *action =
        &m->procedure->actions[walk_below(w, m->procedure->actions_count)];
    if (!walk_chance(w, 60) || !walk_be_party(w, actor, m, action)) {
        walk_be_account(w, actor, &directory->orgs[walk_below(w, directory->orgs_count)], 0);
    }
    ctx->actor = actor;
    (void)walk_act(w, ctx, m->procedure, m, action, true);
}

static void try_step(struct walking *w, struct ctx *ctx, const struct matter *m,
                     const struct rules_action *action)
{
    struct actor *actor = arena_alloc(ctx->arena, sizeof *actor);
    if (action != NULL && walk_be_party(w, actor, m, action)) {
        ctx->actor = actor;
        (void)walk_act(w, ctx, m->procedure, m, action, false);
    }
}

static void let_time_pass(struct walking *w)
{
    static const unsigned minutes[] = {1, 20, 90, 24 * 60, 3 * 24 * 60, 10 * 24 * 60, 70 * 24 * 60};
    unsigned which = (unsigned)walk_below(w, 20);
    unsigned most = minutes[which < 7 ? which : which % 4];
    w->now_ms += (1 + (int64_t)walk_below(w, most)) * MINUTE_MS;
}

/* What is done next: often what was done least of all that could be, so that walks get far. */
struct choice {
    const struct matter *matter;
    const struct rules_action *action;
};

static struct choice choose(struct walking *w, struct ctx *ctx)
{
    struct choice choice = {NULL, NULL};
    unsigned least = 0;
    size_t seen = 0;
    bool rare = walk_chance(w, 60);
    for (size_t i = 0; i < w->family_count; i++) {
        const struct matter *m = w->matters[i];
        unsigned done = 0;
        if (m->state->final) {
            continue;
        }
        const struct rules_action *action = some_action(w, ctx, m, &done);
        bool better = rare ? action != NULL && (choice.action == NULL || done < least)
                           : walk_below(w, ++seen) == 0;
        if (better || choice.matter == NULL) {
            choice = (struct choice){m, action};
            least = done;
        }
    }
    return choice;
}

/* False when all matters have ended. */
static bool step(struct walking *w)
{
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    let_time_pass(w);
    ctx_init(&ctx, arena, w->now_ms);
    ctx.lang = LANG_EN;
    walk_expire(w, &ctx);
    struct choice choice = choose(w, &ctx);
    if (choice.matter != NULL && walk_chance(w, 10)) {
        try_wild(w, &ctx, choice.matter);
    } else if (choice.matter != NULL) {
        try_step(w, &ctx, choice.matter, choice.action);
    }
    walk_look_around(w, &ctx);
    return choice.matter != NULL;
}

/* ---- Walks ---- */

struct standing_search {
    int64_t region;
    const char *procedure;
    int64_t ret_id, ret_updated_ms;
};

static enum fault find_standing(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct standing_search *search = arg;
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_query(tx, ctx,
                  "SELECT id, updated_ms FROM matter WHERE region = $1"
                  " AND procedure = $2 AND standing = 1 AND final = 0",
                  SQL_ARGS(sql_int(search->region), sql_text(search->procedure)), &rows);
    if (fault == FAULT_NONE && sql_next(rows)) {
        search->ret_id = sql_column_int(rows, 0);
        search->ret_updated_ms = sql_column_int(rows, 1);
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

/* The program keeps one open; the walk goes on with it, later than whatever was done last. */
static void join_standing(struct walking *w, struct ctx *ctx,
                          const struct rules_procedure *procedure)
{
    struct standing standing = {.office = &w->place.office};
    struct standing_search search = {.region = w->place.office.region,
                                     .procedure = procedure->code};
    ctx->actor = &w->system;
    enum fault fault = store_write(w->place.store, ctx, matter_stand, &standing);
    if (fault == FAULT_NONE) {
        fault = store_read(w->place.store, ctx, find_standing, &search);
    }
    if (fault != FAULT_NONE) {
        walk_complain(w, "%s does not stand: %s %s", procedure->code, fault_name(fault),
                      walk_why(ctx));
    } else if (search.ret_id != 0) {
        w->now_ms = search.ret_updated_ms > w->now_ms ? search.ret_updated_ms : w->now_ms;
        /* The one matter goes on from walk to walk; the calendar ends some day. */
        w->first = w->now_ms < date_start_ms(date_join(2030, 1, 1)) ? search.ret_id : 0;
    }
}

static const struct rules_action *some_start(struct walking *w,
                                             const struct rules_procedure *procedure)
{
    const struct rules_action *chosen = NULL;
    size_t seen = 0;
    for (size_t i = 0; i < procedure->actions_count; i++) {
        const struct rules_action *action = &procedure->actions[i];
        if (action->starts && !action->by_system && walk_below(w, ++seen) == 0) {
            chosen = action;
        }
    }
    return chosen;
}

/* One that somebody can start, or that always stands; what only effects open comes by itself. */
static const struct rules_procedure *some_procedure(struct walking *w,
                                                    const struct rules_action **ret_start)
{
    const struct rules_procedure *procedure = NULL;
    do {
        procedure = &w->book->procedures[walk_below(w, w->book->procedures_count)];
        *ret_start = some_start(w, procedure);
    } while (*ret_start == NULL && !procedure->standing);
    return procedure;
}

static void begin(struct walking *w, struct ctx *ctx)
{
    const struct rules_action *start = NULL;
    const struct rules_procedure *procedure = some_procedure(w, &start);
    if (procedure->standing) {
        join_standing(w, ctx, procedure);
        return;
    }
    struct actor *actor = arena_alloc(ctx->arena, sizeof *actor);
    for (size_t i = 0; start != NULL && i < procedure->parties_count; i++) {
        const struct rules_party *party = &procedure->parties[i];
        const struct org *org = walk_some_body(w, party->kinds);
        if ((start->by & 1u << i) == 0) {
            continue;
        }
        if ((party->kinds & 1u << ORG_PUBLIC) != 0) {
            walk_be_public(w, actor, 0);
        } else if (org != NULL) {
            walk_be_account(w, actor, org, start->roles);
        } else {
            continue;
        }
        ctx->actor = actor;
        (void)walk_act(w, ctx, procedure, NULL, start, walk_chance(w, 5));
        return;
    }
}

static void walk(struct walking *w, uint64_t seed)
{
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    w->seed = seed;
    w->random = seed;
    w->step = 0;
    w->family_count = 0;
    w->first = 0;
    w->arena = arena;
    int32_t date = date_join(2021, 6, 2) + (int32_t)walk_below(w, 1800);
    w->now_ms = date_start_ms(date) + (8 * 60 + (int64_t)walk_below(w, 600)) * MINUTE_MS;
    ctx_init(&ctx, arena, w->now_ms);
    ctx.lang = LANG_EN;
    if (walk_chance(w, TOLD_PERCENT)) {
        walk_begin_told(w);
    } else {
        begin(w, &ctx);
    }
    if (w->first == 0) {
        return;
    }
    walk_add(w, w->first);
    walk_look_around(w, &ctx);
    int64_t end_ms = date_start_ms(date_join(2037, 1, 1));
    while (++w->step <= STEPS && w->now_ms < end_ms && w->wrong < WRONG_MAX && step(w)) {
    }
}

/* Gives how many actions were never done, but for matters of which there is only one for all walks.
 */
static size_t tell(const struct walking *w, uint64_t walks)
{
    size_t all = 0;
    size_t done = 0;
    size_t never = 0;
    for (size_t i = 0; i < w->book->procedures_count; i++) {
        const struct rules_procedure *p = &w->book->procedures[i];
        size_t own = 0;
        for (size_t k = 0; k < p->actions_count; k++) {
            own += *walk_performed(w, p, &p->actions[k]) > 0 ? 1 : 0;
        }
        (void)printf("%-20s %2zu of %2zu actions", p->code, own, p->actions_count);
        for (size_t k = 0; k < p->actions_count; k++) {
            if (*walk_performed(w, p, &p->actions[k]) == 0) {
                (void)printf(" -%s", p->actions[k].code);
            }
        }
        (void)putchar('\n');
        all += p->actions_count;
        done += own;
        never += p->standing ? 0 : p->actions_count - own;
    }
    (void)printf(
        "%llu walks, %u actions done, %u refused, %u by expiry; %zu of %zu actions (%zu%%),"
        " %zu procedures, %u wrong\n",
        (unsigned long long)walks, w->acts, w->refusals, w->expired, done, all,
        all == 0 ? 0 : 100 * done / all, w->book->procedures_count, w->wrong);
    return never;
}

static enum fault open_place(struct walking *w, struct ctx *ctx, const char *which,
                             const char *rulebook, const char *folder)
{
    struct workplace_options options = {.data_dir = folder,
                                        .store_url = testdb_url(ctx->arena, which),
                                        .rulebook_dir = rulebook,
                                        .make = true};
    enum fault fault = workplace_open(ctx, &options, &w->place);
    if (fault == FAULT_NONE) {
        const char *bodies = arena_printf(ctx->arena, "%s/demo/organisations.yaml", rulebook);
        fault = workplace_load_bodies(ctx, &w->place, bodies, "walk password", true);
    }
    return fault;
}

int main(int argc, char **argv)
{
    int64_t first = 0;
    int64_t count = 0;
    bool right = argc >= 5 && text_to_int(argv[3], 0, INT64_MAX, &first) &&
                 text_to_int(argv[4], 1, 10000000, &count);
    if (!right) {
        return 2;
    }
    int64_t traced = -1;
    if (argc > 6 &&
        (strcmp(argv[5], "--trace") != 0 || !text_to_int(argv[6], 0, INT64_MAX, &traced))) {
        return 2;
    }
    random_start();
    /* The store's temporary file in memory, where there is such a place: it is synced all the time.
     */
    if (access("/dev/shm", W_OK) == 0) {
        (void)setenv("TMPDIR", "/dev/shm", 0);
    }
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    struct walking w = {.arena = NULL};
    ctx_init(&ctx, arena, date_start_ms(date_join(2021, 6, 1)));
    ctx.lang = LANG_EN;
    char folder[] = "/tmp/liandong-walk-XXXXXX";
    enum fault fault = open_place(&w, &ctx, argv[1], argv[2], mkdtemp(folder));
    if (fault != FAULT_NONE) {
        (void)printf("%s\n", ctx.note == NULL ? fault_name(fault) : ctx.note);
        return 1;
    }
    w.folder = folder;
    w.stories = walk_stories_load(&ctx, argv[2]);
    w.book = office_book(&w.place.office, ctx.now_ms);
    w.system = (struct actor){.kind = ACTOR_SYSTEM, .name = "", .region = w.place.office.region};
    w.performed = arena_array(arena, w.book->procedures_count * ACTIONS, sizeof *w.performed);
    int64_t walks = 0;
    for (; walks < count && w.wrong < WRONG_MAX; walks++) {
        w.tracing = first + walks == traced;
        walk(&w, (uint64_t)(first + walks));
    }
    size_t never = tell(&w, (uint64_t)walks);
    bool good = w.wrong == 0 && (count < WALKS_REACH_ALL || never == 0);
    workplace_close(&w.place);
    (void)!system(arena_printf(arena, "rm -rf %s", folder));
    return good ? 0 : 1;
}

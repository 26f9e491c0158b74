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

enum { STEPS = 60, MINUTE_MS = 60 * 1000, ACTIONS = 64, WRONG_MAX = 20 };

static bool tracing;

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

/* ---- Who ---- */

static void be_account(struct walking *w, struct actor *actor, const struct org *org,
                       uint32_t roles)
{
    unsigned role = (unsigned)walk_below(w, ROLES_COUNT);
    while (roles != 0 && (roles & 1u << role) == 0) {
        role = (role + 1) % ROLES_COUNT;
    }
    *actor = (struct actor){.kind = ACTOR_ACCOUNT,
                            .region = w->place.office.region,
                            .account = 1,
                            .login = "walk",
                            .name = "走",
                            .org = org,
                            .roles = 1u << role,
                            .csrf = ""};
}

static void be_public(const struct walking *w, struct actor *actor, int64_t matter)
{
    *actor = (struct actor){
        .kind = ACTOR_CODE, .region = w->place.office.region, .name = "", .matter = matter};
}

/* One of the bodies with a user whose kind may take the part. */
static const struct org *some_body(struct walking *w, uint32_t kinds)
{
    const struct directory *directory = w->place.directory;
    size_t start = walk_below(w, directory->orgs_count);
    for (size_t i = 0; i < directory->orgs_count; i++) {
        const struct org *org = &directory->orgs[(start + i) % directory->orgs_count];
        if (org->user && (kinds & 1u << org->kind) != 0) {
            return org;
        }
    }
    return NULL;
}

/* A body that has one of the action's parts, or records it; false if nobody could. */
static bool be_party(struct walking *w, struct actor *actor, const struct matter *m,
                     const struct rules_action *action)
{
    size_t count = m->procedure->parties_count;
    size_t start = walk_below(w, count);
    for (size_t n = 0; n < count; n++) {
        size_t i = (start + n) % count;
        const struct rules_party *party = &m->procedure->parties[i];
        const struct org *org = m->parties[i];
        if ((action->by & 1u << i) == 0) {
            continue;
        }
        if (party->many && m->members[i].count > 0) {
            org = m->members[i].orgs[walk_below(w, m->members[i].count)];
        }
        if (org != NULL && org->kind == ORG_PUBLIC && m->self_filed) {
            be_public(w, actor, m->id);
            return true;
        }
        if (org != NULL && !org->user && party->recorded_by != NULL) {
            org = m->parties[party->recorded_by->index];
        }
        if (org != NULL && org->user) {
            be_account(w, actor, org, action->roles);
            return true;
        }
    }
    return false;
}

/* ---- Acting ---- */

static bool allowed_refusal(enum fault fault)
{
    return fault == FAULT_RULE_REFUSED || fault == FAULT_INVALID_FIELD ||
           fault == FAULT_FORBIDDEN || fault == FAULT_NOT_FOUND;
}

static const char *why(const struct ctx *ctx)
{
    return ctx->note != NULL ? ctx->note
           : ctx->fields != NULL
               ? arena_printf(ctx->arena, "%s: %s", ctx->fields->path, ctx->fields->text)
               : "";
}

/* Performs it; true if it was done. */
static bool act(struct walking *w, struct ctx *ctx, const struct rules_procedure *procedure,
                const struct matter *m, const struct rules_action *action, bool wild)
{
    struct act_call call = {.office = &w->place.office,
                            .input = {.matter = m == NULL ? 0 : m->id,
                                      .procedure = procedure->code,
                                      .action = action->code,
                                      .version = -1}};
    walk_facts(w, ctx, procedure, m, action, wild, &call.input);
    int64_t marker = id_make(ctx->now_ms);
    ctx_clear(ctx);
    enum fault fault = store_write(w->place.store, ctx, matter_act, &call);
    if (tracing) {
        char minute[MINUTE_TEXT];
        minute_format(ctx->now_ms, minute);
        (void)printf("%u %s %s.%s by %s: %s %s\n", w->step, minute, procedure->code, action->code,
                     ctx->actor->org == NULL ? "public" : ctx->actor->org->code, fault_name(fault),
                     why(ctx));
    }
    if (fault == FAULT_NONE) {
        w->acts++;
        w->first = m == NULL ? call.ret_matter : w->first;
        return true;
    }
    w->refusals++;
    if (!allowed_refusal(fault)) {
        walk_complain(w, "%s.%s: %s %s", procedure->code, action->code, fault_name(fault),
                      why(ctx));
    }
    ctx_clear(ctx);
    walk_check_untouched(w, ctx, marker, m == NULL ? 0 : m->id, m == NULL ? 0 : m->version);
    return false;
}

/* ---- The family: what the first matter opened ---- */

static void add_to_family(struct walking *w, int64_t id)
{
    for (size_t i = 0; i < w->family_count; i++) {
        if (w->family[i] == id) {
            return;
        }
    }
    if (w->family_count < FAMILY_MAX) {
        w->matters[w->family_count] = NULL;
        w->checked[w->family_count] = 0;
        w->family[w->family_count++] = id;
    }
}

static enum fault list_children(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct walking *w = arg;
    enum fault fault = FAULT_NONE;
    for (size_t i = 0; i < w->family_count && fault == FAULT_NONE; i++) {
        SCOPED(sql_rows) rows = NULL;
        fault = sql_query(tx, ctx,
                          "SELECT id FROM matter WHERE region = $1 AND parent = $2 ORDER BY id",
                          SQL_ARGS(sql_int(w->place.office.region), sql_int(w->family[i])), &rows);
        while (fault == FAULT_NONE && sql_next(rows)) {
            add_to_family(w, sql_column_int(rows, 0));
        }
        fault = fault == FAULT_NONE ? sql_fault(rows) : fault;
    }
    return fault;
}

/* Loads again what has changed. */
static enum fault load_changed(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct walking *w = arg;
    enum fault fault = FAULT_NONE;
    for (size_t i = 0; i < w->family_count && fault == FAULT_NONE; i++) {
        SCOPED(sql_rows) rows = NULL;
        fault = sql_one(tx, ctx, "SELECT version FROM matter WHERE region = $1 AND id = $2",
                        SQL_ARGS(sql_int(w->place.office.region), sql_int(w->family[i])), &rows);
        bool same = fault == FAULT_NONE && w->matters[i] != NULL &&
                    w->matters[i]->version == sql_column_int(rows, 0);
        if (fault == FAULT_NONE && !same) {
            fault = record_load(ctx, tx, &w->place.office, w->family[i], false, &w->matters[i]);
        }
    }
    return fault;
}

/* What is new in the family is loaded and checked. */
static void look_around(struct walking *w, struct ctx *ctx)
{
    struct arena *own = ctx->arena;
    ctx->arena = w->arena;
    enum fault fault = store_read(w->place.store, ctx, list_children, w);
    if (fault == FAULT_NONE) {
        fault = store_read(w->place.store, ctx, load_changed, w);
    }
    ctx->arena = own;
    if (fault != FAULT_NONE) {
        walk_complain(w, "the family can't be loaded: %s %s", fault_name(fault), why(ctx));
        abort();
    }
    for (size_t i = 0; i < w->family_count; i++) {
        const struct matter *m = w->matters[i];
        if (m->version != w->checked[i]) {
            walk_check(w, ctx, m, w->checked[i]);
            w->checked[i] = m->version;
        }
    }
}

/* ---- What the program does ---- */

static void expire(struct walking *w, struct ctx *ctx, const struct matter *m)
{
    ctx->actor = &w->system;
    for (size_t i = 0; i < m->clocks_count; i++) {
        const struct clock *clock = &m->clocks[i];
        bool due = clock->ended_ms == 0 && clock->rule->on_expiry != NULL &&
                   clock->paused_ms == 0 && clock->due_ms <= ctx->now_ms;
        struct expiry expiry = {.office = &w->place.office, .deadline = clock->id};
        enum fault fault =
            due ? store_write(w->place.store, ctx, matter_expire, &expiry) : FAULT_NONE;
        if (fault != FAULT_NONE) {
            walk_complain(w, "%s: the clock %s ran out: %s %s", m->procedure->code,
                          clock->rule->code, fault_name(fault), why(ctx));
            ctx_clear(ctx);
        }
        w->expired += due && expiry.ret_done ? 1 : 0;
    }
}

static void expire_family(struct walking *w, struct ctx *ctx)
{
    for (size_t i = 0; i < w->family_count; i++) {
        expire(w, ctx, w->matters[i]);
    }
    look_around(w, ctx);
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
    if (!walk_chance(w, 60) || !be_party(w, actor, m, action)) {
        be_account(w, actor, &directory->orgs[walk_below(w, directory->orgs_count)], 0);
    }
    ctx->actor = actor;
    (void)act(w, ctx, m->procedure, m, action, true);
}

static void try_step(struct walking *w, struct ctx *ctx, const struct matter *m,
                     const struct rules_action *action)
{
    struct actor *actor = arena_alloc(ctx->arena, sizeof *actor);
    if (action != NULL && be_party(w, actor, m, action)) {
        ctx->actor = actor;
        (void)act(w, ctx, m->procedure, m, action, false);
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
    expire_family(w, &ctx);
    struct choice choice = choose(w, &ctx);
    if (choice.matter != NULL && walk_chance(w, 10)) {
        try_wild(w, &ctx, choice.matter);
    } else if (choice.matter != NULL) {
        try_step(w, &ctx, choice.matter, choice.action);
    }
    look_around(w, &ctx);
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
        walk_complain(w, "%s does not stand: %s %s", procedure->code, fault_name(fault), why(ctx));
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
        const struct org *org = some_body(w, party->kinds);
        if ((start->by & 1u << i) == 0) {
            continue;
        }
        if ((party->kinds & 1u << ORG_PUBLIC) != 0) {
            be_public(w, actor, 0);
        } else if (org != NULL) {
            be_account(w, actor, org, start->roles);
        } else {
            continue;
        }
        ctx->actor = actor;
        (void)act(w, ctx, procedure, NULL, start, walk_chance(w, 5));
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
    begin(w, &ctx);
    if (w->first == 0) {
        return;
    }
    add_to_family(w, w->first);
    look_around(w, &ctx);
    int64_t end_ms = date_start_ms(date_join(2037, 1, 1));
    while (++w->step <= STEPS && w->now_ms < end_ms && w->wrong < WRONG_MAX && step(w)) {
    }
}

static void tell(const struct walking *w, uint64_t walks)
{
    size_t all = 0;
    size_t done = 0;
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
    }
    (void)printf(
        "%llu walks, %u actions done, %u refused, %u by expiry; %zu of %zu actions (%zu%%),"
        " %zu procedures, %u wrong\n",
        (unsigned long long)walks, w->acts, w->refusals, w->expired, done, all,
        all == 0 ? 0 : 100 * done / all, w->book->procedures_count, w->wrong);
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
    w.book = office_book(&w.place.office, ctx.now_ms);
    w.system = (struct actor){.kind = ACTOR_SYSTEM, .name = "", .region = w.place.office.region};
    w.performed = arena_array(arena, w.book->procedures_count * ACTIONS, sizeof *w.performed);
    int64_t walks = 0;
    for (; walks < count && w.wrong < WRONG_MAX; walks++) {
        tracing = first + walks == traced;
        walk(&w, (uint64_t)(first + walks));
    }
    tell(&w, (uint64_t)walks);
    workplace_close(&w.place);
    (void)!system(arena_printf(arena, "rm -rf %s", folder));
    return w.wrong == 0 ? 0 : 1;
}

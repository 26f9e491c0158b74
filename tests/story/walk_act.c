/* Who acts, doing it, what comes of it; and what the program does when clocks run out. */
#include "base/id.h"
#include "calendar/date.h"
#include "walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Who ---- */

void walk_be_account(struct walking *w, struct actor *actor, const struct org *org, uint32_t roles)
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

void walk_be_public(const struct walking *w, struct actor *actor, int64_t matter)
{
    *actor = (struct actor){
        .kind = ACTOR_CODE, .region = w->place.office.region, .name = "", .matter = matter};
}

/* One of the bodies with a user whose kind may take the part. */
const struct org *walk_some_body(struct walking *w, uint32_t kinds)
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
bool walk_be_party(struct walking *w, struct actor *actor, const struct matter *m,
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
            walk_be_public(w, actor, m->id);
            return true;
        }
        if (org != NULL && !org->user && party->recorded_by != NULL) {
            org = m->parties[party->recorded_by->index];
        }
        if (org != NULL && org->user) {
            walk_be_account(w, actor, org, action->roles);
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

const char *walk_why(const struct ctx *ctx)
{
    return ctx->note != NULL ? ctx->note
           : ctx->fields != NULL
               ? arena_printf(ctx->arena, "%s: %s", ctx->fields->path, ctx->fields->text)
               : "";
}

/* Performs it; true if it was done. */
bool walk_act(struct walking *w, struct ctx *ctx, const struct rules_procedure *procedure,
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
    if (w->tracing) {
        char minute[MINUTE_TEXT];
        minute_format(ctx->now_ms, minute);
        (void)printf("%u %s %s.%s by %s: %s %s\n", w->step, minute, procedure->code, action->code,
                     ctx->actor->org == NULL ? "public" : ctx->actor->org->code, fault_name(fault),
                     walk_why(ctx));
    }
    if (fault == FAULT_NONE) {
        w->acts++;
        w->first = m == NULL ? call.ret_matter : w->first;
        return true;
    }
    w->refusals++;
    if (!allowed_refusal(fault)) {
        walk_complain(w, "%s.%s: %s %s", procedure->code, action->code, fault_name(fault),
                      walk_why(ctx));
    }
    ctx_clear(ctx);
    walk_check_untouched(w, ctx, marker, m == NULL ? 0 : m->id, m == NULL ? 0 : m->version);
    return false;
}

/* ---- The family: what the first matter opened ---- */

void walk_add(struct walking *w, int64_t id)
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
            walk_add(w, sql_column_int(rows, 0));
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
void walk_look_around(struct walking *w, struct ctx *ctx)
{
    struct arena *own = ctx->arena;
    ctx->arena = w->arena;
    enum fault fault = store_read(w->place.store, ctx, list_children, w);
    if (fault == FAULT_NONE) {
        fault = store_read(w->place.store, ctx, load_changed, w);
    }
    ctx->arena = own;
    if (fault != FAULT_NONE) {
        walk_complain(w, "the family can't be loaded: %s %s", fault_name(fault), walk_why(ctx));
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
                          clock->rule->code, fault_name(fault), walk_why(ctx));
            ctx_clear(ctx);
        }
        w->expired += due && expiry.ret_done ? 1 : 0;
    }
}

void walk_expire(struct walking *w, struct ctx *ctx)
{
    for (size_t i = 0; i < w->family_count; i++) {
        expire(w, ctx, w->matters[i]);
    }
    walk_look_around(w, ctx);
}

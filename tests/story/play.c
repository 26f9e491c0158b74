#include "play.h"

#include "base/file.h"
#include "base/id.h"
#include "job/job.h"

#include <assert.h>
#include <string.h>

struct named *play_name(struct play *p, const char *name)
{
    for (size_t i = 0; i < p->names_count; i++) {
        if (strcmp(p->names[i].name, name) == 0) {
            return &p->names[i];
        }
    }
    return NULL;
}

static struct named *add_name(struct play *p, const char *name, int64_t id)
{
    assert(p->names_count < PLAY_NAMES);
    struct named *named = &p->names[p->names_count++];
    *named = (struct named){.name = name, .id = id};
    return named;
}

struct actor *play_actor(struct play *p, struct ctx *ctx, int64_t matter)
{
    struct actor *actor = NULL;
    if (strcmp(p->step->as, "public") == 0 || strcmp(p->step->as, "code") == 0) {
        actor = arena_alloc(ctx->arena, sizeof *actor);
        *actor = (struct actor){
            .kind = ACTOR_CODE, .region = p->place->office.region, .name = "", .matter = matter};
        return actor;
    }
    return workplace_actor(ctx, p->place, p->step->as, &actor) == FAULT_NONE ? actor : NULL;
}

/* A file for each named material: its content is its name. */
static int64_t upload(struct play *p, struct ctx *ctx, const char *name)
{
    struct new_upload upload = {.region = p->place->office.region,
                                .name = name,
                                .media_type = "text/plain",
                                .bytes = (int64_t)strlen(name)};
    digest_of(name, strlen(name), &upload.digest);
    const char *path = arena_printf(ctx->arena, "%s/part", p->data_dir);
    enum fault fault = file_write(ctx, path, name, strlen(name), 0600);
    assert(fault == FAULT_NONE);
    fault = matter_file_keep(ctx, &p->place->office, path, &upload.digest);
    assert(fault == FAULT_NONE);
    fault = store_write(p->place->store, ctx, matter_upload_add, &upload);
    assert(fault == FAULT_NONE);
    return upload.ret_id;
}

enum fault play_look(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct looking *looking = arg;
    enum fault fault = matter_read(ctx, tx, looking->office, looking->id, &looking->matter);
    if (fault == FAULT_NONE) {
        fault = matter_materials(ctx, tx, looking->matter, &looking->materials,
                                 &looking->materials_count);
    }
    return fault == FAULT_NONE
               ? matter_offers(ctx, tx, looking->office, looking->matter, &looking->offers)
               : fault;
}

/* "name=arrived,..." by file name into "id=arrived,...". */
static const char *ticks_by_id(struct play *p, struct ctx *ctx, int64_t matter, const char *value)
{
    struct looking looking = {.office = &p->place->office, .id = matter};
    struct buffer text;
    buffer_init(&text, ctx->arena);
    enum fault fault = store_read(p->place->store, ctx, play_look, &looking);
    assert(fault == FAULT_NONE);
    for (const char *at = value; *at != 0;) {
        size_t name = strcspn(at, "=");
        size_t length = strcspn(at, ",");
        for (size_t i = 0; i < looking.materials_count; i++) {
            char id[ID_TEXT];
            bool same = strlen(looking.materials[i].name) == name &&
                        strncmp(looking.materials[i].name, at, name) == 0;
            id_format(looking.materials[i].id, id);
            if (same) {
                buffer_printf(&text, "%s%s=%.*s", text.count == 0 ? "" : ",", id,
                              (int)(length - name - 1), at + name + 1);
            }
        }
        at += length + (at[length] == ',' ? 1 : 0);
    }
    return text.data;
}

static void fill_facts(struct play *p, struct ctx *ctx, struct act_call *call)
{
    const struct story_step *step = p->step;
    struct act_fact *facts = arena_array(ctx->arena, step->facts_count + 1, sizeof *facts);
    for (size_t i = 0; i < step->facts_count; i++) {
        const char *value = step->facts[i].value;
        if (strcmp(step->facts[i].key, "ticks") == 0) {
            value = ticks_by_id(p, ctx, call->input.matter, value);
        }
        if (p->enter != NULL) {
            value = p->enter(p->enter_arg, ctx->arena, &step->facts[i], value);
        }
        facts[i] = (struct act_fact){.code = step->facts[i].key, .value = value};
    }
    call->input.facts = facts;
    call->input.facts_count = step->facts_count;
    int64_t *uploads = arena_array(ctx->arena, step->materials_count + 1, sizeof *uploads);
    for (size_t i = 0; i < step->materials_count; i++) {
        uploads[i] = upload(p, ctx, step->materials[i]);
    }
    call->input.uploads = uploads;
    call->input.uploads_count = step->materials_count;
}

static int64_t version_of(struct play *p, struct ctx *ctx, int64_t matter)
{
    struct looking looking = {.office = &p->place->office, .id = matter};
    enum fault fault = store_read(p->place->store, ctx, play_look, &looking);
    ctx_clear(ctx);
    return fault == FAULT_NONE ? looking.matter->version : 0;
}

struct child {
    int64_t region, parent, id;
    const char *procedure;
    const char *org; /* NULL: any. */
};

static enum fault newest_child(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct child *child = arg;
    SCOPED(sql_rows) rows = NULL;
    const char *statement =
        child->org == NULL ? "SELECT id FROM matter WHERE region = $1 AND parent = $2"
                             " AND procedure = $3 ORDER BY id DESC LIMIT 1"
                           : "SELECT m.id FROM matter m JOIN matter_party p ON p.region = m.region"
                             " AND p.matter = m.id WHERE m.region = $1 AND m.parent = $2"
                             " AND m.procedure = $3 AND p.org = $4 ORDER BY m.id DESC LIMIT 1";
    struct sql_value args[] = {sql_int(child->region), sql_int(child->parent),
                               sql_text(child->procedure), sql_text(child->org)};
    enum fault fault = sql_one(tx, ctx, statement, args, child->org == NULL ? 3 : 4, &rows);
    child->id = fault == FAULT_NONE ? sql_column_int(rows, 0) : 0;
    return fault;
}

/* The procedure that the step's action opens, one alone or one for each body. */
static const char *opened_procedure(const struct play *p, bool each)
{
    const struct rules_procedure *procedure =
        rules_procedure(office_book(&p->place->office, p->step->at_ms), p->step->procedure);
    const struct rules_action *action = rules_action(procedure, p->step->action);
    for (size_t i = 0; i < action->effects_count; i++) {
        const struct rules_effect *effect = &action->effects[i];
        if (effect->kind == EFFECT_OPEN && (effect->each != NULL) == each) {
            return effect->procedure;
        }
    }
    return "none";
}

static void name_one(struct play *p, struct ctx *ctx, const char *name, struct child *child)
{
    if (store_read(p->place->store, ctx, newest_child, child) == FAULT_NONE) {
        (void)add_name(p, name, child->id);
    } else {
        p->unopened = name;
    }
}

static void name_children(struct play *p, struct ctx *ctx, int64_t parent)
{
    struct child child = {.region = p->place->office.region, .parent = parent};
    if (p->step->child != NULL) {
        child.procedure = opened_procedure(p, false);
        name_one(p, ctx, p->step->child, &child);
    }
    for (size_t i = 0; i < p->step->children_count; i++) {
        child.procedure = opened_procedure(p, true);
        child.org = p->step->children[i].value;
        name_one(p, ctx, p->step->children[i].key, &child);
    }
}

/* The program by itself: clocks that ran out, standing matters. */
static enum fault run_system(struct play *p, struct ctx *ctx)
{
    struct actor system = {
        .kind = ACTOR_SYSTEM, .region = p->place->office.region, .login = "", .name = ""};
    const struct actor *own = ctx->actor;
    struct standing standing = {.office = &p->place->office};
    bool expires = strcmp(p->step->run, "expiry") == 0;
    ctx->actor = &system;
    enum fault fault = expires ? job_expire(ctx, p->place->store, &p->place->office)
                               : store_write(p->place->store, ctx, matter_stand, &standing);
    ctx->actor = own;
    if (fault == FAULT_NONE && !expires) {
        fault = standing.ret_opened == 0 ? FAULT_NOT_FOUND : FAULT_NONE;
        (void)add_name(p, p->step->matter, standing.ret_matter);
    }
    return fault;
}

static enum fault act(struct play *p, struct ctx *ctx, struct named *named)
{
    struct act_call call = {.office = &p->place->office};
    call.input.matter = named == NULL ? 0 : named->id;
    call.input.procedure = p->step->procedure;
    call.input.action = p->step->action;
    call.input.key = p->keyless ? NULL : p->step->key;
    call.input.version = -1;
    memset(call.input.request, call.input.key == NULL ? 0 : 1, DIGEST_BYTES);
    if (named != NULL) {
        int64_t version = version_of(p, ctx, named->id);
        call.input.version = p->step->stale ? version - 1 : -1;
    }
    fill_facts(p, ctx, &call);
    enum fault fault = store_write(p->place->store, ctx, matter_act, &call);
    if (fault != FAULT_NONE) {
        return fault;
    }
    if (named == NULL) {
        named = add_name(p, p->step->matter, call.ret_matter);
        memcpy(named->code, call.ret_code, sizeof named->code);
    }
    name_children(p, ctx, named->id);
    return FAULT_NONE;
}

enum fault play_do(struct play *p, struct ctx *ctx)
{
    p->unopened = NULL;
    return p->step->run != NULL ? run_system(p, ctx) : act(p, ctx, play_name(p, p->step->matter));
}

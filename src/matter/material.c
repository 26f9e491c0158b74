/* Files of a matter: attached from uploads, listed when sent, ticked by the receiver. */
#include "base/id.h"
#include "base/limit.h"
#include "matter/paper.h"
#include "matter/record.h"

#include <string.h>

static void note_material(struct performing *p, int64_t id, const char *name, const char *sha256)
{
    struct json_writer *json = &p->body.materials_json;
    char text[ID_TEXT];
    id_format(id, text);
    json_open(json);
    json_put_text(json, "id", text);
    json_put_text(json, "name", name);
    json_put_text(json, "sha256", sha256);
    json_close(json);
}

static enum fault insert_material(struct performing *p, const struct material *material)
{
    note_material(p, material->id, material->name, material->sha256);
    p->materials_added++;
    return sql_run(p->tx, p->ctx,
                   "INSERT INTO material (region, id, matter, name, media_type, bytes, sha256, sm3,"
                   " org, added_ms, listed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0)",
                   SQL_ARGS(sql_int(p->office->region), sql_int(material->id),
                            sql_int(p->matter->id), sql_text(material->name),
                            sql_text(material->media_type), sql_int(material->bytes),
                            sql_text(material->sha256), sql_text(material->sm3),
                            sql_text(material->org), sql_int(p->ctx->now_ms)),
                   NULL);
}

static enum fault unknown_upload(struct performing *p)
{
    return ctx_field(p->ctx, "materials", "There is no such upload; upload the file again.",
                     "没有这个上传文件，请重新上传。");
}

/* Takes an upload: it can be used once, and only by who brought it, or with the draft that keeps
 * it. */
static enum fault take_upload(struct performing *p, int64_t id, struct material *material)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_one(p->tx, p->ctx,
                "DELETE FROM upload WHERE region = $1 AND id = $2 AND coalesce(paper, 0) = $4"
                " AND (CAST($4 AS BIGINT) <> 0 OR coalesce(account, 0) = $3)"
                " RETURNING name, media_type, bytes, sha256, sm3",
                SQL_ARGS(sql_int(p->office->region), sql_int(id), sql_int(p->ctx->actor->account),
                         sql_int(p->draft == NULL ? 0 : p->draft->id)),
                &rows);
    if (fault != FAULT_NONE) {
        return fault == FAULT_NOT_FOUND ? unknown_upload(p) : fault;
    }
    struct arena *arena = p->ctx->arena;
    const struct org *org = p->ctx->actor->org;
    *material = (struct material){.id = id_make(p->ctx->now_ms),
                                  .name = arena_text(arena, sql_column_text(rows, 0)),
                                  .media_type = arena_text(arena, sql_column_text(rows, 1)),
                                  .bytes = sql_column_int(rows, 2),
                                  .sha256 = arena_text(arena, sql_column_text(rows, 3)),
                                  .sm3 = arena_text(arena, sql_column_text(rows, 4)),
                                  .org = org == NULL ? NULL : org->code};
    return FAULT_NONE;
}

static enum fault count_materials(struct performing *p, size_t *ret_count)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_one(p->tx, p->ctx, "SELECT count(*) FROM material WHERE region = $1 AND matter = $2",
                SQL_ARGS(sql_int(p->office->region), sql_int(p->matter->id)), &rows);
    if (fault == FAULT_NONE) {
        *ret_count = (size_t)sql_column_int(rows, 0);
    }
    return fault;
}

static enum fault check_materials(struct performing *p)
{
    if (p->uploads_count > 0 && p->action->materials == MATERIALS_NONE) {
        return ctx_field(p->ctx, "materials", "Nothing can be attached here.",
                         "此环节不能附材料。");
    }
    if (p->uploads_count == 0 && p->action->materials == MATERIALS_REQUIRED && !p->by_effect) {
        return ctx_field(p->ctx, "materials", "Attach at least one file.", "请至少附一份材料。");
    }
    size_t there = 0;
    enum fault fault =
        p->uploads_count == 0 || p->from == NULL ? FAULT_NONE : count_materials(p, &there);
    if (fault == FAULT_NONE && there + p->uploads_count > LIMIT_MATERIALS) {
        return ctx_field(p->ctx, "materials", "A matter holds at most %d files.",
                         "每个事项最多%d份材料。", LIMIT_MATERIALS);
    }
    return fault;
}

enum fault materials_attach(struct performing *p)
{
    enum fault fault = check_materials(p);
    for (size_t i = 0; i < p->uploads_count && fault == FAULT_NONE; i++) {
        struct material material;
        fault = take_upload(p, p->uploads[i], &material);
        if (fault == FAULT_NONE) {
            fault = insert_material(p, &material);
        }
    }
    return fault;
}

static enum fault read_materials(struct ctx *ctx, struct store_tx *tx, int64_t region,
                                 int64_t matter, struct material **ret_materials, size_t *ret_count)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_query(tx, ctx,
                  "SELECT id, name, media_type, bytes, sha256, sm3, org, added_ms, listed, tick"
                  " FROM material WHERE region = $1 AND matter = $2 ORDER BY id",
                  SQL_ARGS(sql_int(region), sql_int(matter)), &rows);
    struct material *materials = arena_array(ctx->arena, LIMIT_MATERIALS + 1, sizeof *materials);
    size_t count = 0;
    while (fault == FAULT_NONE && count <= LIMIT_MATERIALS && sql_next(rows)) {
        const char *org = sql_column_text(rows, 6);
        const char *tick = sql_column_text(rows, 9);
        materials[count++] = (struct material){
            .id = sql_column_int(rows, 0),
            .name = arena_text(ctx->arena, sql_column_text(rows, 1)),
            .media_type = arena_text(ctx->arena, sql_column_text(rows, 2)),
            .bytes = sql_column_int(rows, 3),
            .sha256 = arena_text(ctx->arena, sql_column_text(rows, 4)),
            .sm3 = arena_text(ctx->arena, sql_column_text(rows, 5)),
            .org = org == NULL ? NULL : arena_text(ctx->arena, org),
            .added_ms = sql_column_int(rows, 7),
            .listed = sql_column_int(rows, 8) != 0,
            .tick = tick == NULL ? NULL : arena_text(ctx->arena, tick),
        };
    }
    fault = fault == FAULT_NONE ? sql_fault(rows) : fault;
    if (fault == FAULT_NONE) {
        *ret_materials = materials;
        *ret_count = count;
    }
    return fault;
}

/* What was lent for a time is read by nobody else in a state that says so, and when it is over only
 * by its owner; auditors and the program see all. */
bool matter_reads_materials(const struct actor *actor, const struct matter *matter)
{
    uint32_t readers = matter->state == NULL ? 0 : matter->state->materials_for;
    return readers == 0 || people_sees_all(actor) || (readers & who_parties(matter, actor)) != 0;
}

enum fault matter_materials(struct ctx *ctx, struct store_tx *tx, const struct matter *matter,
                            struct material **ret_materials, size_t *ret_count)
{
    if (!matter_reads_materials(ctx->actor, matter)) {
        *ret_materials = NULL;
        *ret_count = 0;
        return FAULT_NONE;
    }
    return read_materials(ctx, tx, ctx->actor->region, matter->id, ret_materials, ret_count);
}

enum fault materials_copy(struct performing *p, int64_t from_matter)
{
    struct material *materials = NULL;
    size_t count = 0;
    enum fault fault =
        read_materials(p->ctx, p->tx, p->office->region, from_matter, &materials, &count);
    for (size_t i = 0; i < count && fault == FAULT_NONE; i++) {
        materials[i].id = id_make(p->ctx->now_ms);
        fault = insert_material(p, &materials[i]);
    }
    return fault;
}

/* Does some action tick the list, item by item, and sign the receipt? */
static bool signs_receipt(const struct rules_procedure *procedure)
{
    for (size_t i = 0; i < procedure->actions_count; i++) {
        for (size_t k = 0; k < procedure->actions[i].effects_count; k++) {
            if (procedure->actions[i].effects[k].kind == EFFECT_SIGN) {
                return true;
            }
        }
    }
    return false;
}

enum fault materials_list(struct performing *p)
{
    int64_t listed = 0;
    enum fault fault =
        sql_run(p->tx, p->ctx, "UPDATE material SET listed = 1 WHERE region = $1 AND matter = $2",
                SQL_ARGS(sql_int(p->office->region), sql_int(p->matter->id)), &listed);
    /* Nobody could tick an empty list: the receipt would never be signed. */
    return fault == FAULT_NONE && listed == 0 && signs_receipt(p->matter->procedure)
               ? ctx_field(p->ctx, "materials", "Attach what is handed over: the list is empty.",
                           "请附移送材料：材料清单不能为空。")
               : fault;
}

/* The value ticked for a material: "arrived", "missing", or NULL. `ticks`: "id=arrived,id=missing".
 */
static const char *tick_of(struct arena *arena, const char *ticks, int64_t id)
{
    char text[ID_TEXT];
    id_format(id, text);
    const char *at = strstr(ticks, text);
    if (at == NULL || at[ID_TEXT - 1] != '=') {
        return NULL;
    }
    const char *value = at + ID_TEXT;
    return arena_bytes(arena, value, strcspn(value, ","));
}

static size_t ticks_count(const char *ticks)
{
    size_t count = ticks[0] == 0 ? 0 : 1;
    for (; *ticks != 0; ticks++) {
        count += *ticks == ',' ? 1 : 0;
    }
    return count;
}

static const struct rules_fact *ticks_fact(const struct rules_action *action)
{
    for (size_t i = 0; i < action->needs_count; i++) {
        if (action->needs[i]->type == FACT_TICKS) {
            return action->needs[i];
        }
    }
    return NULL;
}

static enum fault tick_one(struct performing *p, const struct material *material, const char *ticks)
{
    const char *tick = tick_of(p->ctx->arena, ticks, material->id);
    if (tick == NULL) {
        return ctx_field(p->ctx, "facts.ticks", "Tick every listed material: %s.",
                         "请逐项清点，尚未清点：%s。", material->name);
    }
    return sql_run(p->tx, p->ctx, "UPDATE material SET tick = $3 WHERE region = $1 AND id = $2",
                   SQL_ARGS(sql_int(p->office->region), sql_int(material->id), sql_text(tick)),
                   NULL);
}

enum fault materials_tick(struct performing *p)
{
    const struct rules_fact *fact = ticks_fact(p->action);
    struct material *materials = NULL;
    size_t count = 0;
    if (fact == NULL) {
        return FAULT_NONE;
    }
    const char *ticks = p->matter->facts[fact->index].value;
    enum fault fault =
        read_materials(p->ctx, p->tx, p->office->region, p->matter->id, &materials, &count);
    size_t listed = 0;
    for (size_t i = 0; i < count && fault == FAULT_NONE; i++) {
        if (materials[i].listed) {
            listed++;
            fault = tick_one(p, &materials[i], ticks);
        }
    }
    if (fault == FAULT_NONE && listed != ticks_count(ticks)) {
        return ctx_field(p->ctx, "facts.ticks", "The ticks name a material that is not listed.",
                         "清点项中有不在清单内的材料。");
    }
    return fault;
}

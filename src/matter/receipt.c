/*
 * The transfer receipt (移送回执, article 13): made when the receiver signs. It holds the list as
 * it was sent, each item with both digests and its tick, both bodies, both signers and both times;
 * its own digests stand in the event. Once made it never changes.
 */
#include "base/digest.h"
#include "base/text.h"
#include "matter/record.h"

#include <string.h>

/* The action that fixes the list: whoever did it last is the sender who signs. */
static const char *listing_action(const struct rules_procedure *procedure)
{
    for (size_t i = 0; i < procedure->actions_count; i++) {
        const struct rules_action *action = &procedure->actions[i];
        for (size_t k = 0; k < action->effects_count; k++) {
            if (action->effects[k].kind == EFFECT_LIST) {
                return action->code;
            }
        }
    }
    return "";
}

static enum fault find_sender(struct performing *p, struct signature *ret_sender)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_one(p->tx, p->ctx,
                "SELECT e.org, a.name, e.happened_ms FROM event e LEFT JOIN account a"
                " ON a.region = e.region AND a.id = e.account WHERE e.region = $1 AND e.matter = $2"
                " AND e.action = $3 ORDER BY e.version DESC LIMIT 1",
                SQL_ARGS(sql_int(p->office->region), sql_int(p->matter->id),
                         sql_text(listing_action(p->matter->procedure))),
                &rows);
    if (fault != FAULT_NONE) {
        return fault;
    }
    const char *org = sql_column_text(rows, 0);
    const char *name = sql_column_text(rows, 1);
    ret_sender->org = org == NULL ? "" : arena_text(p->ctx->arena, org);
    ret_sender->name = name == NULL ? "" : arena_text(p->ctx->arena, name);
    ret_sender->time_ms = sql_column_int(rows, 2);
    return FAULT_NONE;
}

static const char *fact_text(const struct performing *p, const char *code)
{
    const struct rules_fact *fact = rules_fact(p->matter->procedure, code);
    return fact == NULL ? NULL : p->matter->facts[fact->index].value;
}

/* The person who signs: named in the form (a paper receipt entered later), else who is signed in.
 */
static struct signature receiving(const struct performing *p)
{
    const char *named = fact_text(p, "receiver_signer");
    const struct rules_party *party = rules_party(p->matter->procedure, "receiver");
    const char *org = party_org_code(p->matter, party);
    return (struct signature){.org = org == NULL ? "" : org,
                              .name = named != NULL ? named : p->ctx->actor->name,
                              .time_ms = p->happened_ms};
}

enum fault receipt_signers(struct performing *p, struct signature *ret_sender,
                           struct signature *ret_receiver)
{
    *ret_receiver = receiving(p);
    return find_sender(p, ret_sender);
}

static void put_signature(struct json_writer *json, const struct performing *p, const char *key,
                          const struct signature *signature)
{
    const struct org *org = directory_org(p->office->directory, signature->org);
    json_key(json, key);
    json_open(json);
    json_put_text(json, "org", signature->org);
    json_put_text(json, "org_name", org == NULL ? "" : org->name.zh);
    json_put_text(json, "name", signature->name);
    json_put_time(json, "time", signature->time_ms);
    json_close(json);
}

static void put_items(struct json_writer *json, const struct material *materials, size_t count)
{
    json_key(json, "items");
    json_list(json);
    for (size_t i = 0; i < count; i++) {
        if (!materials[i].listed) {
            continue;
        }
        json_open(json);
        json_put_text(json, "name", materials[i].name);
        json_put_int(json, "bytes", materials[i].bytes);
        json_put_text(json, "sha256", materials[i].sha256);
        json_put_text(json, "sm3", materials[i].sm3);
        json_put_text(json, "tick", materials[i].tick);
        json_close(json);
    }
    json_end(json);
}

static enum fault save_receipt(struct performing *p, const struct buffer *text)
{
    struct digest digest;
    digest_of(text->data, text->count, &digest);
    char sha256[DIGEST_HEX];
    char sm3[DIGEST_HEX];
    text_hex(digest.sha256, DIGEST_BYTES, sha256);
    text_hex(digest.sm3, DIGEST_BYTES, sm3);
    json_open(&p->body.materials_json);
    json_put_text(&p->body.materials_json, "receipt_sha256", sha256);
    json_put_text(&p->body.materials_json, "receipt_sm3", sm3);
    json_close(&p->body.materials_json);
    return sql_run(p->tx, p->ctx,
                   "INSERT INTO receipt (region, matter, text, sha256, sm3, made_ms)"
                   " VALUES ($1, $2, $3, $4, $5, $6)",
                   SQL_ARGS(sql_int(p->office->region), sql_int(p->matter->id),
                            sql_text(text->data), sql_text(sha256), sql_text(sm3),
                            sql_int(p->ctx->now_ms)),
                   NULL);
}

enum fault receipt_sign(struct performing *p)
{
    struct signature sender;
    enum fault fault = find_sender(p, &sender);
    struct material *materials = NULL;
    size_t count = 0;
    if (fault == FAULT_NONE) {
        fault = matter_materials(p->ctx, p->tx, p->matter, &materials, &count);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    struct signature receiver = receiving(p);
    struct buffer text;
    struct json_writer json;
    buffer_init(&text, p->ctx->arena);
    json_writer_init(&json, &text);
    json_open(&json);
    json_put_text(&json, "reference", p->matter->reference);
    json_put_text(&json, "delivery", fact_text(p, "delivery_method"));
    put_signature(&json, p, "sender", &sender);
    put_signature(&json, p, "receiver", &receiver);
    put_items(&json, materials, count);
    json_close(&json);
    return save_receipt(p, &text);
}

enum fault matter_receipt(struct ctx *ctx, struct store_tx *tx, const struct matter *matter,
                          struct receipt *ret_receipt)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_one(
        tx, ctx, "SELECT text, sha256, sm3, made_ms FROM receipt WHERE region = $1 AND matter = $2",
        SQL_ARGS(sql_int(ctx->actor->region), sql_int(matter->id)), &rows);
    if (fault != FAULT_NONE) {
        return fault;
    }
    ret_receipt->text = arena_text(ctx->arena, sql_column_text(rows, 0));
    ret_receipt->sha256 = arena_text(ctx->arena, sql_column_text(rows, 1));
    ret_receipt->sm3 = arena_text(ctx->arena, sql_column_text(rows, 2));
    ret_receipt->made_ms = sql_column_int(rows, 3);
    return FAULT_NONE;
}

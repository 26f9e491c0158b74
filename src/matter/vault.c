/*
 * Facts that not every party may read, and papers. XChaCha20-Poly1305 with a random nonce; region,
 * matter and code (or the paper's id) are bound in, so that a box can't be moved to another place.
 * The key lies outside the database.
 */
#include "base/random.h"
#include "matter/record.h"

#include <assert.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum {
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    PLACE_BYTES = 120,
};

static size_t place_of(const struct office *office, int64_t matter, const char *code,
                       char ret_place[PLACE_BYTES])
{
    int length = snprintf(ret_place, PLACE_BYTES, "%lld/%lld/%s", (long long)office->region,
                          (long long)matter, code);
    assert(length > 0 && length < PLACE_BYTES);
    return (size_t)length;
}

struct vault_box vault_close(struct ctx *ctx, const struct office *office, int64_t matter,
                             const char *code, const char *text)
{
    char place[PLACE_BYTES];
    size_t place_bytes = place_of(office, matter, code, place);
    uint8_t nonce[NONCE];
    random_bytes(nonce, sizeof nonce);
    size_t bytes = strlen(text);
    unsigned char *box = arena_alloc(ctx->arena, bytes + TAG);
    unsigned long long box_bytes = 0;
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(box, &box_bytes, (const unsigned char *)text,
                                                     bytes, (const unsigned char *)place,
                                                     place_bytes, NULL, nonce, office->vault_key);
    return (struct vault_box){.nonce = arena_bytes(ctx->arena, nonce, sizeof nonce),
                              .nonce_bytes = sizeof nonce,
                              .box = box,
                              .box_bytes = box_bytes};
}

enum fault vault_text(struct ctx *ctx, const struct office *office, int64_t matter,
                      const char *code, const struct vault_box *stored, const char **ret_text)
{
    char place[PLACE_BYTES];
    size_t place_bytes = place_of(office, matter, code, place);
    unsigned char *text = arena_alloc(ctx->arena, stored->box_bytes + 1);
    unsigned long long bytes = 0;
    int failed =
        stored->box_bytes < TAG || stored->nonce_bytes != NONCE ||
        crypto_aead_xchacha20poly1305_ietf_decrypt(
            text, &bytes, NULL, stored->box, stored->box_bytes, (const unsigned char *)place,
            place_bytes, stored->nonce, office->vault_key) != 0;
    if (failed) {
        return ctx_fail(ctx, FAULT_INTERNAL, "A sealed fact can not be opened with this key.",
                        "保密信息无法用当前密钥打开。");
    }
    text[bytes] = 0;
    *ret_text = (const char *)text;
    return FAULT_NONE;
}

enum fault vault_put(struct performing *p, const struct rules_fact *fact, const char *value)
{
    struct vault_box box = vault_close(p->ctx, p->office, p->matter->id, fact->code, value);
    return sql_run(p->tx, p->ctx,
                   "INSERT INTO vault (region, matter, code, nonce, box, action, set_ms)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (region, matter, code)"
                   " DO UPDATE SET nonce = excluded.nonce, box = excluded.box,"
                   " action = excluded.action, set_ms = excluded.set_ms",
                   SQL_ARGS(sql_int(p->office->region), sql_int(p->matter->id),
                            sql_text(fact->code), sql_blob(box.nonce, box.nonce_bytes),
                            sql_blob(box.box, box.box_bytes), sql_text(p->action->code),
                            sql_int(p->ctx->now_ms)),
                   NULL);
}

enum fault vault_open(struct ctx *ctx, const struct office *office, const struct matter *matter,
                      const struct rules_fact *fact, const char **ret_value)
{
    const struct fact_value *stored = &matter->facts[fact->index];
    assert(stored->set && stored->box != NULL);
    struct vault_box box = {.nonce = stored->nonce,
                            .nonce_bytes = NONCE,
                            .box = stored->box,
                            .box_bytes = stored->box_bytes};
    return vault_text(ctx, office, matter->id, fact->code, &box, ret_value);
}

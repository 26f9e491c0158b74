/*
 * Facts that not every party may read. XChaCha20-Poly1305 with a random nonce; region, matter and
 * code are bound in, so that a box can't be moved to another place. The key lies outside the
 * database.
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

enum fault vault_put(struct performing *p, const struct rules_fact *fact, const char *value)
{
    struct ctx *ctx = p->ctx;
    char place[PLACE_BYTES];
    size_t place_bytes = place_of(p->office, p->matter->id, fact->code, place);
    uint8_t nonce[NONCE];
    random_bytes(nonce, sizeof nonce);
    size_t bytes = strlen(value);
    unsigned char *box = arena_alloc(ctx->arena, bytes + TAG);
    unsigned long long box_bytes = 0;
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(
        box, &box_bytes, (const unsigned char *)value, bytes, (const unsigned char *)place,
        place_bytes, NULL, nonce, p->office->vault_key);
    return sql_run(p->tx, ctx,
                   "INSERT INTO vault (region, matter, code, nonce, box, action, set_ms)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (region, matter, code)"
                   " DO UPDATE SET nonce = excluded.nonce, box = excluded.box,"
                   " action = excluded.action, set_ms = excluded.set_ms",
                   SQL_ARGS(sql_int(p->office->region), sql_int(p->matter->id),
                            sql_text(fact->code), sql_blob(nonce, sizeof nonce),
                            sql_blob(box, box_bytes), sql_text(p->action->code),
                            sql_int(ctx->now_ms)),
                   NULL);
}

enum fault vault_open(struct ctx *ctx, const struct office *office, const struct matter *matter,
                      const struct rules_fact *fact, const char **ret_value)
{
    const struct fact_value *stored = &matter->facts[fact->index];
    assert(stored->set && stored->box != NULL);
    char place[PLACE_BYTES];
    size_t place_bytes = place_of(office, matter->id, fact->code, place);
    unsigned char *value = arena_alloc(ctx->arena, stored->box_bytes + 1);
    unsigned long long bytes = 0;
    int failed = stored->box_bytes < TAG || crypto_aead_xchacha20poly1305_ietf_decrypt(
                                                value, &bytes, NULL, stored->box, stored->box_bytes,
                                                (const unsigned char *)place, place_bytes,
                                                stored->nonce, office->vault_key) != 0;
    if (failed) {
        return ctx_fail(ctx, FAULT_INTERNAL, "A sealed fact can not be opened with this key.",
                        "保密信息无法用当前密钥打开。");
    }
    value[bytes] = 0;
    *ret_value = (const char *)value;
    return FAULT_NONE;
}

#pragma once
/*
 * SHA-256 (FIPS 180-4) and SM3 (GB/T 32905) side by side, streamed: materials carry both, so that
 * offices bound to national algorithms and public tools can each check them.
 */
#include <stddef.h>
#include <stdint.h>

enum { DIGEST_BYTES = 32, DIGEST_HEX = 65 };

struct digest {
    uint8_t sha256[DIGEST_BYTES];
    uint8_t sm3[DIGEST_BYTES];
};

struct digest_stream; /* Own memory: digest_finish or digest_scoped frees it. */

struct digest_stream *digest_start(void);
void digest_add(struct digest_stream *stream, const void *data, size_t count);
/* Gives both digests and frees the stream. */
void digest_finish(struct digest_stream *stream, struct digest *ret_digest);
void digest_stream_scoped(struct digest_stream **stream);

/* Of one piece of memory. */
void digest_of(const void *data, size_t count, struct digest *ret_digest);
void digest_sha256(const void *data, size_t count, uint8_t ret_digest[DIGEST_BYTES]);
/* Keyed: HMAC-SHA-256 (RFC 2104). */
void digest_hmac(const uint8_t *key, size_t key_bytes, const void *data, size_t count,
                 uint8_t ret_mac[DIGEST_BYTES]);

#include "base/digest.h"

#include <assert.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>

struct digest_stream {
    EVP_MD_CTX *sha256;
    EVP_MD_CTX *sm3;
};

static EVP_MD_CTX *started(const EVP_MD *algorithm)
{
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    int ok = md != NULL && EVP_DigestInit_ex(md, algorithm, NULL) == 1;
    assert(ok);
    return md;
}

struct digest_stream *digest_start(void)
{
    struct digest_stream *stream = calloc(1, sizeof *stream);
    assert(stream != NULL);
    stream->sha256 = started(EVP_sha256());
    stream->sm3 = started(EVP_sm3());
    return stream;
}

void digest_add(struct digest_stream *stream, const void *data, size_t count)
{
    int ok = EVP_DigestUpdate(stream->sha256, data, count) == 1 &&
             EVP_DigestUpdate(stream->sm3, data, count) == 1;
    assert(ok);
}

void digest_stream_scoped(struct digest_stream **stream)
{
    if (*stream == NULL) {
        return;
    }
    EVP_MD_CTX_free((*stream)->sha256);
    EVP_MD_CTX_free((*stream)->sm3);
    free(*stream);
    *stream = NULL;
}

void digest_finish(struct digest_stream *stream, struct digest *ret_digest)
{
    int ok = EVP_DigestFinal_ex(stream->sha256, ret_digest->sha256, NULL) == 1 &&
             EVP_DigestFinal_ex(stream->sm3, ret_digest->sm3, NULL) == 1;
    assert(ok);
    digest_stream_scoped(&stream);
}

void digest_of(const void *data, size_t count, struct digest *ret_digest)
{
    struct digest_stream *stream = digest_start();
    digest_add(stream, data, count);
    digest_finish(stream, ret_digest);
}

void digest_sha256(const void *data, size_t count, uint8_t ret_digest[DIGEST_BYTES])
{
    int ok = EVP_Digest(data, count, ret_digest, NULL, EVP_sha256(), NULL) == 1;
    assert(ok);
}

void digest_hmac(const uint8_t *key, size_t key_bytes, const void *data, size_t count,
                 uint8_t ret_mac[DIGEST_BYTES])
{
    assert(key_bytes <= 1024);
    const unsigned char *mac = HMAC(EVP_sha256(), key, (int)key_bytes, data, count, ret_mac, NULL);
    assert(mac != NULL);
}

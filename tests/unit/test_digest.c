#include "base/digest.h"
#include "base/text.h"
#include "check.h"

static const char abc448[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";

static void expect_hex(const uint8_t bytes[DIGEST_BYTES], const char *expected)
{
    char hex[DIGEST_HEX];
    text_hex(bytes, DIGEST_BYTES, hex);
    assert_string_equal(hex, expected);
}

/* FIPS 180-4, examples; GB/T 32905-2016, annex A. */
static void published_vectors(void **state)
{
    (void)state;
    struct digest digest;
    digest_of("abc", 3, &digest);
    expect_hex(digest.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect_hex(digest.sm3, "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    digest_of("", 0, &digest);
    expect_hex(digest.sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    digest_of(abc448, strlen(abc448), &digest);
    expect_hex(digest.sha256, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    char abcd[64];
    for (size_t i = 0; i < sizeof abcd; i++) {
        abcd[i] = (char)('a' + i % 4);
    }
    digest_of(abcd, sizeof abcd, &digest);
    expect_hex(digest.sm3, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
    uint8_t alone[DIGEST_BYTES];
    digest_sha256("abc", 3, alone);
    expect_hex(alone, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void streaming_in_any_pieces_is_the_same(void **state)
{
    (void)state;
    struct digest whole;
    digest_of(abc448, strlen(abc448), &whole);
    for (size_t piece = 1; piece <= strlen(abc448); piece++) {
        struct digest made;
        struct digest_stream *stream = digest_start();
        for (size_t at = 0; at < strlen(abc448); at += piece) {
            size_t left = strlen(abc448) - at;
            digest_add(stream, abc448 + at, left < piece ? left : piece);
        }
        digest_finish(stream, &made);
        assert_memory_equal(&made, &whole, sizeof whole);
    }
}

static void given_up_stream_is_freed(void **state)
{
    (void)state;
    struct digest_stream *stream = digest_start();
    digest_add(stream, "x", 1);
    digest_stream_scoped(&stream);
    assert_null(stream);
    digest_stream_scoped(&stream);
}

/* RFC 4231, test cases 1, 2, 3 and 6. */
static void hmac_vectors(void **state)
{
    (void)state;
    uint8_t mac[DIGEST_BYTES];
    uint8_t key[131];
    uint8_t data[50];
    memset(key, 0x0B, 20);
    digest_hmac(key, 20, "Hi There", 8, mac);
    expect_hex(mac, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    digest_hmac((const uint8_t *)"Jefe", 4, "what do ya want for nothing?", 28, mac);
    expect_hex(mac, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    memset(key, 0xAA, sizeof key);
    memset(data, 0xDD, sizeof data);
    digest_hmac(key, 20, data, sizeof data, mac);
    expect_hex(mac, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    static const char larger[] = "Test Using Larger Than Block-Size Key - Hash Key First";
    digest_hmac(key, sizeof key, larger, strlen(larger), mac);
    expect_hex(mac, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_vectors),
        cmocka_unit_test(streaming_in_any_pieces_is_the_same),
        cmocka_unit_test(given_up_stream_is_freed),
        cmocka_unit_test(hmac_vectors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

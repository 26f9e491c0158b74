/*
 * The receipt code: 16 digits that let the public follow a matter without an account. Only a keyed
 * hash is stored. A request that is sent again with its Idempotency-Key must get the same code, so
 * then the digits come from the secret key and the request; otherwise from the system's randomness.
 */
#include "base/random.h"
#include "matter/record.h"

#include <ctype.h>
#include <string.h>

void code_mac(const struct office *office, const char *code, uint8_t ret_mac[DIGEST_BYTES])
{
    digest_hmac(office->code_key, KEY_BYTES, code, strlen(code), ret_mac);
}

static void digits_of(const uint8_t bytes[16], char ret_code[RECEIPT_CODE_TEXT])
{
    /* 64 bits for 53.2 bits of digits: the skew is below one in a thousand. */
    for (int half = 0; half < 2; half++) {
        uint64_t number = 0;
        memcpy(&number, bytes + 8 * half, sizeof number);
        for (int i = 0; i < 8; i++) {
            ret_code[8 * half + i] = (char)('0' + number % 10);
            number /= 10;
        }
    }
    ret_code[RECEIPT_CODE_TEXT - 1] = 0;
}

void code_make(const struct office *office, struct ctx *ctx, const char *key,
               const uint8_t request[DIGEST_BYTES], char ret_code[RECEIPT_CODE_TEXT])
{
    uint8_t bytes[DIGEST_BYTES];
    if (key == NULL) {
        random_bytes(bytes, sizeof bytes);
    } else {
        struct buffer seed;
        buffer_init(&seed, ctx->arena);
        buffer_text(&seed, "receipt code\n");
        buffer_text(&seed, key);
        buffer_char(&seed, '\n');
        buffer_add(&seed, request, DIGEST_BYTES);
        digest_hmac(office->code_key, KEY_BYTES, seed.data, seed.count, bytes);
    }
    digits_of(bytes, ret_code);
}

/* Leaves the digits; false if it is not 16 of them with blanks and dashes between. */
static bool only_digits(const char *typed, char ret_code[RECEIPT_CODE_TEXT])
{
    size_t count = 0;
    for (; *typed != 0; typed++) {
        if (*typed == ' ' || *typed == '-') {
            continue;
        }
        if (!isdigit((unsigned char)*typed) || count == RECEIPT_CODE_TEXT - 1) {
            return false;
        }
        ret_code[count++] = *typed;
    }
    ret_code[count] = 0;
    return count == RECEIPT_CODE_TEXT - 1;
}

enum fault matter_by_code(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                          const char *code, int64_t *ret_matter)
{
    char digits[RECEIPT_CODE_TEXT];
    uint8_t mac[DIGEST_BYTES];
    if (!only_digits(code, digits)) {
        return ctx_fail(ctx, FAULT_NOT_FOUND, "A receipt code has 16 digits.",
                        "查询码为16位数字。");
    }
    code_mac(office, digits, mac);
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_one(tx, ctx, "SELECT id FROM matter WHERE region = $1 AND code_mac = $2",
                               SQL_ARGS(sql_int(office->region), sql_blob(mac, sizeof mac)), &rows);
    if (fault == FAULT_NOT_FOUND) {
        return ctx_fail(ctx, fault, "No matter has this code.", "没有与此查询码对应的事项。");
    }
    if (fault == FAULT_NONE) {
        *ret_matter = sql_column_int(rows, 0);
    }
    return fault;
}

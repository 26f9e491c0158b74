/*
 * Invented companies with valid codes: registered in the district (421303) as enterprises (91),
 * with an organisation code that begins with XX, which no registry gives out.
 */
#include "base/credit_code.h"
#include "cli/demo.h"

#include <assert.h>
#include <string.h>

/* GB 11714: modulo 11 over the organisation code's eight characters. */
static char inner_check(const char *inner)
{
    static const unsigned weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
    unsigned sum = 0;
    for (unsigned i = 0; i < 8; i++) {
        char c = inner[i];
        sum += weights[i] * (unsigned)(c <= '9' ? c - '0' : c - 'A' + 10);
    }
    unsigned check = 11 - sum % 11;
    return check == 10 ? 'X' : (char)('0' + check % 11);
}

/* GB 32100: modulo 31 over the first 17 characters. */
static char outer_check(const char *code)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    unsigned sum = 0;
    unsigned weight = 1;
    for (unsigned i = 0; i < 17; i++) {
        sum += (unsigned)(strchr(alphabet, code[i]) - alphabet) * weight;
        weight = weight * 3 % 31;
    }
    return alphabet[(31 - sum % 31) % 31];
}

const char *demo_credit_code(struct arena *arena, const char *name)
{
    unsigned number = (unsigned)(demo_hash(0, name) % 1000000);
    char *code = arena_printf(arena, "91421303XX%06u??", number);
    code[16] = inner_check(code + 8);
    code[17] = outer_check(code);
    assert(credit_code_check(code) == CREDIT_CODE_OK);
    return code;
}

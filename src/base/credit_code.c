#include "base/credit_code.h"

#include <assert.h>
#include <string.h>

static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

static enum credit_code_mistake check_characters(const char *code)
{
    for (const char *p = code; *p != 0; p++) {
        if (*p >= 'a' && *p <= 'z') {
            return CREDIT_CODE_LOWER_CASE;
        }
        if (strchr(alphabet, *p) == NULL) {
            return CREDIT_CODE_CHARACTER;
        }
    }
    return CREDIT_CODE_OK;
}

static char last_character(const char *code)
{
    unsigned sum = 0;
    unsigned weight = 1;
    for (unsigned i = 0; i < 17; i++) {
        sum += (unsigned)(strchr(alphabet, code[i]) - alphabet) * weight;
        weight = weight * 3 % 31;
    }
    return alphabet[(31 - sum % 31) % 31];
}

/* Values of the inner code run over all letters: A is 10 ... Z is 35. */
static unsigned inner_value(char c)
{
    return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'A') + 10;
}

static char inner_character(const char *inner)
{
    static const unsigned weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
    unsigned sum = 0;
    for (unsigned i = 0; i < 8; i++) {
        sum += inner_value(inner[i]) * weights[i];
    }
    unsigned check = 11 - sum % 11;
    return check == 10 ? 'X' : check == 11 ? '0' : (char)('0' + check);
}

enum credit_code_mistake credit_code_check(const char *code)
{
    if (strlen(code) != 18) {
        return CREDIT_CODE_LENGTH;
    }
    enum credit_code_mistake mistake = check_characters(code);
    if (mistake != CREDIT_CODE_OK) {
        return mistake;
    }
    if (last_character(code) != code[17]) {
        return CREDIT_CODE_CHECK;
    }
    return inner_character(code + 8) == code[16] ? CREDIT_CODE_OK : CREDIT_CODE_INNER_CHECK;
}

const struct label *credit_code_label(enum credit_code_mistake mistake)
{
    static const struct label labels[] = {
        {"正确", "right"},
        {"应为18位", "it must have 18 characters"},
        {"含有不允许的字符（字母I、O、S、V、Z不使用）",
         "it holds a character that is not allowed (I, O, S, V, Z are not used)"},
        {"字母应为大写", "letters must be capitals"},
        {"末位校验码不符", "the last character does not check"},
        {"组织机构代码校验码（第17位）不符",
         "the organisation code inside (character 17) does not check"},
    };
    assert((unsigned)mistake < sizeof labels / sizeof labels[0]);
    return &labels[mistake];
}

#pragma once
/*
 * Unified social credit codes (统一社会信用代码, GB 32100-2015): 18 characters without I, O, S, V,
 * Z; the last is a check character modulo 31; characters 9 to 17 are an organisation code with a
 * check character of its own modulo 11 (GB 11714). Any thread.
 */
#include "base/lang.h"

enum credit_code_mistake {
    CREDIT_CODE_OK,
    CREDIT_CODE_LENGTH,
    CREDIT_CODE_CHARACTER,
    CREDIT_CODE_LOWER_CASE,
    CREDIT_CODE_CHECK,       /* The last character. */
    CREDIT_CODE_INNER_CHECK, /* The organisation code inside. */
};

enum credit_code_mistake credit_code_check(const char *code);
const struct label *credit_code_label(enum credit_code_mistake mistake);

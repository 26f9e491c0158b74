#include "base/credit_code.h"
#include "check.h"

static const char *const good[] = {"91230500MA1B3N1N2M", "11230500001755309F",
                                   "91350100M000100Y43", "91420000177570439L",
                                   "91110000802100433B", "91440300708461136T"};
enum { GOOD_COUNT = sizeof good / sizeof good[0] };
static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

static void real_codes_are_right(void **state)
{
    (void)state;
    for (size_t i = 0; i < GOOD_COUNT; i++) {
        assert_int_equal(credit_code_check(good[i]), CREDIT_CODE_OK);
    }
}

/* GB 32100 is made so that no single wrong character passes. */
static void every_single_change_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < GOOD_COUNT; i++) {
        for (size_t at = 0; at < 18; at++) {
            for (const char *c = alphabet; *c != 0; c++) {
                char code[19];
                memcpy(code, good[i], sizeof code);
                code[at] = *c;
                enum credit_code_mistake expected =
                    *c == good[i][at] ? CREDIT_CODE_OK : CREDIT_CODE_CHECK;
                assert_int_equal(credit_code_check(code), expected);
            }
        }
    }
}

/* The last character, computed here anew so that only the inner one is wrong. */
static char last_of(const char *code)
{
    static const unsigned weights[] = {1,  3,  9,  27, 19, 26, 16, 17, 20,
                                       29, 25, 13, 8,  24, 10, 30, 28};
    unsigned sum = 0;
    for (unsigned i = 0; i < 17; i++) {
        sum += (unsigned)(strchr(alphabet, code[i]) - alphabet) * weights[i];
    }
    return alphabet[(31 - sum % 31) % 31];
}

static void a_broken_inner_code_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < GOOD_COUNT; i++) {
        char code[19];
        memcpy(code, good[i], sizeof code);
        code[16] = code[16] == '7' ? '8' : '7';
        code[17] = last_of(code);
        assert_int_equal(credit_code_check(code), CREDIT_CODE_INNER_CHECK);
    }
}

/* The inner check can be 10, written X, or 11, written 0. */
static void inner_x_and_zero(void **state)
{
    (void)state;
    unsigned found_x = 0;
    unsigned found_zero = 0;
    for (unsigned n = 0; n < 200; n++) {
        static const unsigned weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
        char code[19] = "914213000000000000";
        (void)snprintf(code + 8, 9, "%08u", 12345600u + n);
        unsigned sum = 0;
        for (unsigned i = 0; i < 8; i++) {
            sum += (unsigned)(code[8 + i] - '0') * weights[i];
        }
        unsigned check = 11 - sum % 11;
        code[16] = check == 10 ? 'X' : check == 11 ? '0' : (char)('0' + check);
        found_x += check == 10;
        found_zero += check == 11;
        code[17] = '0';
        code[17] = last_of(code);
        assert_int_equal(credit_code_check(code), CREDIT_CODE_OK);
    }
    assert_true(found_x > 0 && found_zero > 0);
}

static void wrong_forms_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        enum credit_code_mistake mistake;
    } rows[] = {{"", CREDIT_CODE_LENGTH},
                {"91230500MA1B3N1N2", CREDIT_CODE_LENGTH},
                {"91230500MA1B3N1N2MM", CREDIT_CODE_LENGTH},
                {" 91230500MA1B3N1N2M", CREDIT_CODE_LENGTH},
                {"91230500MA1B3N1N2m", CREDIT_CODE_LOWER_CASE},
                {"91230500MA1B3N1NOM", CREDIT_CODE_CHARACTER},
                {"91230500MA1B3N1NIM", CREDIT_CODE_CHARACTER},
                {"91230500MA1B3N1NSM", CREDIT_CODE_CHARACTER},
                {"91230500MA1B3N1NVM", CREDIT_CODE_CHARACTER},
                {"91230500MA1B3N1NZM", CREDIT_CODE_CHARACTER},
                {"91230500MA1B3N-N2M", CREDIT_CODE_CHARACTER},
                {"信用代码信用", CREDIT_CODE_CHARACTER},
                {"91230500MA1B3N1N20", CREDIT_CODE_CHECK}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(credit_code_check(rows[i].code), rows[i].mistake);
    }
}

static void every_mistake_has_words(void **state)
{
    (void)state;
    for (unsigned i = CREDIT_CODE_OK; i <= CREDIT_CODE_INNER_CHECK; i++) {
        const struct label *label = credit_code_label((enum credit_code_mistake)i);
        assert_true(label->zh[0] != 0 && label->en[0] != 0);
    }
    check_holds(credit_code_label(CREDIT_CODE_INNER_CHECK)->en, "character 17");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_codes_are_right),
        cmocka_unit_test(every_single_change_is_found),
        cmocka_unit_test(a_broken_inner_code_is_found),
        cmocka_unit_test(inner_x_and_zero),
        cmocka_unit_test(wrong_forms_are_named),
        cmocka_unit_test(every_mistake_has_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

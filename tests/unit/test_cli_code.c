/* `liandong code`. */
#include "run.h"

static void right_codes(void **state)
{
    (void)state;
    expect_run("code 91230500MA1B3N1N2M", NULL, 0, "91230500MA1B3N1N2M ok\n");
    expect_run("code 91350100M000100Y43 91440300708461136T", NULL, 0,
               "91350100M000100Y43 ok\n91440300708461136T ok\n");
}

static void each_wrong_code_says_why(void **state)
{
    (void)state;
    expect_run(
        "code --lang en 91350100M000100Y44 91350100M000100Y43 91350100m000100Y43 9 "
        "91350100M000100O43 ''",
        NULL, 1,
        "91350100M000100Y44 error: the last character does not check\n"
        "91350100M000100Y43 ok\n"
        "91350100m000100Y43 error: letters must be capitals\n"
        "9 error: it must have 18 characters\n"
        "91350100M000100O43 error: it holds a character that is not allowed (I, O, S, V, Z are not "
        "used)\n"
        " error: it must have 18 characters\n");
    expect_run("code 9", NULL, 1, "9 error: 应为18位\n");
}

static void wrong_command_lines(void **state)
{
    (void)state;
    expect_run("code", NULL, 2, "");
    expect_run("code --all", NULL, 2, "");
    expect_run("code --lang", NULL, 2, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(right_codes),
        cmocka_unit_test(each_wrong_code_says_why),
        cmocka_unit_test(wrong_command_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

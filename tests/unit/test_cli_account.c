/* `liandong init --bodies` and `liandong account`. */
#include "run.h"

static const char bodies[] = "- code: water\n"
                             "  kind: regulator\n"
                             "  sector: water\n"
                             "  name: {zh: 水利局, en: Water}\n"
                             "  short: {zh: 水利, en: Water}\n"
                             "  accounts:\n"
                             "    - {login: wang, name: 王五, roles: [handler]}\n";

/* One shell line that works in a folder of its own, with ./liandong standing for the program. */
static void expect_steps(const char *steps, const char *expected)
{
    CHECK_CTX(ctx);
    const char *folder = check_folder(ctx.arena);
    (void)check_write_bytes(ctx.arena, folder, "bodies.yaml", bodies, strlen(bodies));
    const char *command = arena_printf(
        ctx.arena,
        "cd '%s' && export LC_ALL=C LIANDONG_SHARE='%s' LIANDONG_FIRST_PASSWORD=the-first-one"
        " && unset LIANDONG_PASSWORD && liandong() { '%s' \"$@\"; } && { %s; } >out 2>&1",
        folder, SOURCE_DIR, PROGRAM, steps);
    (void)!system(command);
    char *found = NULL;
    size_t count = 0;
    const char *out = arena_printf(ctx.arena, "%s/out", folder);
    assert_int_equal(file_read(&ctx, out, 1 << 20, &found, &count), FAULT_NONE);
    assert_string_equal(found, expected);
    check_folder_remove(folder);
}

static void accounts_come_and_go(void **state)
{
    (void)state;
    expect_steps("liandong init --data d --bodies bodies.yaml;"
                 " echo a-good-password | liandong account add zhao --data d --name 赵六"
                 " --body water --roles handler,archivist; echo $?;"
                 " liandong account disable wang --data d;"
                 " liandong account roles zhao --data d --roles head;"
                 " liandong account list --data d",
                 "d is ready\n0\n"
                 "wang\t王五\twater\tdisabled\thandler\n"
                 "zhao\t赵六\twater\tactive\thead\n");
}

static void a_file_loaded_again_changes_nothing(void **state)
{
    (void)state;
    expect_steps("liandong init --data d --bodies bodies.yaml;"
                 " liandong account disable wang --data d;"
                 " liandong init --data d --bodies bodies.yaml;"
                 " liandong account list --data d",
                 "d is ready\nd is ready\nwang\t王五\twater\tdisabled\thandler\n");
}

static void what_is_wrong_is_said(void **state)
{
    (void)state;
    expect_steps("liandong init --data d --bodies bodies.yaml;"
                 " echo short | liandong account password wang --data d; echo $?;"
                 " echo a-good-password | liandong account add wang --data d --name 王 --body water"
                 " --roles handler; echo $?;"
                 " echo a-good-password | liandong account add li --data d --name 李 --body nowhere"
                 " --roles handler; echo $?;"
                 " liandong account roles wang --data d --roles emperor; echo $?;"
                 " liandong account enable nobody --data d; echo $?;"
                 " liandong account password wang --data d </dev/null; echo $?",
                 "d is ready\n"
                 "password: 口令不少于10个字符，不超过200字节。\n1\n"
                 "用户名“wang”已存在。\n1\n"
                 "请用--name给出姓名，用--body给出已登记的单位。\n1\n"
                 "没有岗位“emperor”。\n1\n"
                 "没有账号“nobody”。\n1\n"
                 "请从标准输入或环境变量LIANDONG_PASSWORD提供口令。\n1\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accounts_come_and_go),
        cmocka_unit_test(a_file_loaded_again_changes_nothing),
        cmocka_unit_test(what_is_wrong_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

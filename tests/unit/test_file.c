#include "base/file.h"
#include "check.h"

#include <sys/stat.h>

static void writes_and_reads_back(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    const char *folder = check_folder(ctx.arena);
    const char *path = arena_printf(ctx.arena, "%s/a", folder);
    char *data = NULL;
    size_t count = 0;
    assert_int_equal(file_write(&ctx, path, "x\0y", 3, 0600), FAULT_NONE);
    assert_int_equal(file_read(&ctx, path, 3, &data, &count), FAULT_NONE);
    assert_int_equal(count, 3);
    assert_memory_equal(data, "x\0y\0", 4);
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(file_write(&ctx, path, "", 0, 0600), FAULT_NONE);
    assert_int_equal(file_read(&ctx, path, 0, &data, &count), FAULT_NONE);
    assert_int_equal(count, 0);
    assert_int_equal(access(arena_printf(ctx.arena, "%s.part", path), F_OK), -1);
    check_folder_remove(folder);
}

static void says_what_can_not_be_read(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    const char *folder = check_folder(ctx.arena);
    const char *path = check_write(ctx.arena, folder, "a", "12345");
    char *data = NULL;
    size_t count = 0;
    assert_int_equal(file_read(&ctx, path, 4, &data, &count), FAULT_TOO_LARGE);
    check_holds(ctx.note, "larger than 4 bytes");
    assert_int_equal(file_read(&ctx, arena_printf(ctx.arena, "%s/b", folder), 4, &data, &count),
                     FAULT_IO_FAILED);
    check_holds(ctx.note, "No such file");
    assert_int_equal(file_read(&ctx, folder, 1 << 20, &data, &count), FAULT_IO_FAILED);
    assert_null(data);
    check_folder_remove(folder);
}

static void a_failed_write_leaves_the_old_file(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    const char *folder = check_folder(ctx.arena);
    const char *inner = arena_printf(ctx.arena, "%s/d", folder);
    char *data = NULL;
    size_t count = 0;
    assert_int_equal(file_make_folder(&ctx, inner, 0700), FAULT_NONE);
    /* A folder stands where the file should go. */
    assert_int_equal(file_write(&ctx, inner, "x", 1, 0600), FAULT_IO_FAILED);
    assert_int_equal(access(arena_printf(ctx.arena, "%s.part", inner), F_OK), -1);
    /* The folder is missing. */
    const char *nowhere = arena_printf(ctx.arena, "%s/none/a", folder);
    assert_int_equal(file_write(&ctx, nowhere, "x", 1, 0600), FAULT_IO_FAILED);
    assert_int_equal(file_read(&ctx, nowhere, 10, &data, &count), FAULT_IO_FAILED);
    check_folder_remove(folder);
}

static void makes_folders_to_any_depth(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    const char *folder = check_folder(ctx.arena);
    const char *deep = arena_printf(ctx.arena, "%s/a/b/c/", folder);
    assert_int_equal(file_make_folder(&ctx, deep, 0700), FAULT_NONE);
    assert_int_equal(file_make_folder(&ctx, deep, 0700), FAULT_NONE);
    assert_int_equal(file_sync_folder(&ctx, deep), FAULT_NONE);
    const char *file = check_write(ctx.arena, folder, "f", "");
    assert_int_equal(file_make_folder(&ctx, arena_printf(ctx.arena, "%s/g", file), 0700),
                     FAULT_IO_FAILED);
    assert_int_equal(file_make_folder(&ctx, file, 0700), FAULT_IO_FAILED);
    assert_int_equal(file_make_folder(&ctx, "", 0700), FAULT_IO_FAILED);
    check_folder_remove(folder);
}

static void lists_names_in_order(void **state)
{
    (void)state;
    CHECK_CTX(ctx);
    const char *folder = check_folder(ctx.arena);
    for (int i = 99; i >= 0; i--) {
        (void)check_write(ctx.arena, folder, arena_printf(ctx.arena, "%02d.yaml", i), "");
    }
    (void)check_write(ctx.arena, folder, ".hidden.yaml", "");
    (void)check_write(ctx.arena, folder, "x.yml", "");
    (void)check_write(ctx.arena, folder, "yaml", "");
    char **names = NULL;
    size_t count = 0;
    assert_int_equal(file_list(&ctx, folder, ".yaml", &names, &count), FAULT_NONE);
    assert_int_equal(count, 100);
    for (int i = 0; i < 100; i++) {
        assert_string_equal(names[i], arena_printf(ctx.arena, "%02d.yaml", i));
    }
    assert_int_equal(
        file_list(&ctx, arena_printf(ctx.arena, "%s/none", folder), "", &names, &count),
        FAULT_IO_FAILED);
    check_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_and_reads_back),
        cmocka_unit_test(says_what_can_not_be_read),
        cmocka_unit_test(a_failed_write_leaves_the_old_file),
        cmocka_unit_test(makes_folders_to_any_depth),
        cmocka_unit_test(lists_names_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

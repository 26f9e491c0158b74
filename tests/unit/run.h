#pragma once
/* Runs the program with arguments and input, and keeps what it printed. */
#include "base/file.h"
#include "check.h"

#include <sys/wait.h>

struct ran {
    int status; /* Exit status; 128 + signal if it was killed. */
    char *out, *err;
    size_t out_count;
};

/* `arguments` is a piece of a shell's command line, where "> FILE" may stand; `input` may hold zero
 * bytes. */
static inline struct ran run_bytes(struct ctx *ctx, const char *arguments, const void *input,
                                   size_t count)
{
    struct ran ran = {0};
    size_t err_count = 0;
    const char *folder = check_folder(ctx->arena);
    (void)check_write_bytes(ctx->arena, folder, "in", input == NULL ? "" : input, count);
    const char *command =
        arena_printf(ctx->arena, "cd '%s' && LIANDONG_SHARE='%s' timeout 60 '%s' <in >out 2>err %s",
                     folder, SOURCE_DIR, PROGRAM, arguments);
    int status = system(command);
    ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    const char *out = arena_printf(ctx->arena, "%s/out", folder);
    const char *err = arena_printf(ctx->arena, "%s/err", folder);
    assert_int_equal(file_read(ctx, out, 1 << 28, &ran.out, &ran.out_count), FAULT_NONE);
    assert_int_equal(file_read(ctx, err, 1 << 20, &ran.err, &err_count), FAULT_NONE);
    check_folder_remove(folder);
    return ran;
}

static inline struct ran run_program(struct ctx *ctx, const char *arguments, const char *input)
{
    return run_bytes(ctx, arguments, input, input == NULL ? 0 : strlen(input));
}

static inline void expect_run(const char *arguments, const char *input, int status, const char *out)
{
    CHECK_CTX(ctx);
    struct ran ran = run_program(&ctx, arguments, input);
    assert_string_equal(ran.out, out);
    assert_int_equal(ran.status, status);
    assert_int_equal(ran.err[0] == 0, status != 2);
}

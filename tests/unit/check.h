#pragma once
/* What every unit test starts from: cmocka (whose header wants others before it), a ctx over an
 * arena of its own, temporary files. */
/* clang-format off */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */
#include "base/ctx.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A ctx in English at a fixed moment; the arena ends with the block. */
#define CHECK_CTX(name)                                                                            \
    SCOPED_ARENA name##_arena = arena_create();                                                    \
    struct ctx name;                                                                               \
    ctx_init(&name, name##_arena, 1631868000000);                                                  \
    name.lang = LANG_EN

/* A new folder below $TMPDIR; check_folder_remove takes it away with what is in it. */
static inline const char *check_folder(struct arena *arena)
{
    const char *base = getenv("TMPDIR");
    char *path = arena_printf(arena, "%s/liandong-unit-XXXXXX", base == NULL ? "/tmp" : base);
    assert_non_null(mkdtemp(path));
    return path;
}

static inline int check_remove_one(const char *path, const struct stat *status, int flag,
                                   struct FTW *where)
{
    (void)status;
    (void)flag;
    (void)where;
    return remove(path);
}

static inline void check_folder_remove(const char *path)
{
    assert_int_equal(nftw(path, check_remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

static inline const char *check_write_bytes(struct arena *arena, const char *folder,
                                            const char *name, const void *data, size_t count)
{
    const char *path = arena_printf(arena, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, count, file), count);
    assert_int_equal(fclose(file), 0);
    return path;
}

static inline const char *check_write(struct arena *arena, const char *folder, const char *name,
                                      const char *text)
{
    return check_write_bytes(arena, folder, name, text, strlen(text));
}

/* The text holds the piece; says both if not. */
static inline void check_holds(const char *text, const char *piece)
{
    if (text == NULL || strstr(text, piece) == NULL) {
        fail_msg("\"%s\" is not in \"%s\"", piece, text == NULL ? "(null)" : text);
    }
}

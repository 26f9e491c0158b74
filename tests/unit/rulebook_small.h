#pragma once
/* The smallest rulebook on disk, changed in one place of one file. */
#include "base/file.h"
#include "check.h"
#include "small_book.h"

static inline const char *book_file_text(const char *name)
{
    for (size_t i = 0; i < BOOK_FILES; i++) {
        if (strcmp(book_files[i].name, name) == 0) {
            return book_files[i].text;
        }
    }
    fail_msg("no file %s", name);
    return NULL;
}

/* The text with the one place `find` replaced; fails if it is not there exactly once. */
static inline const char *book_changed(struct arena *arena, const char *text, const char *find,
                                       const char *replace)
{
    const char *at = strstr(text, find);
    if (at == NULL || strstr(at + 1, find) != NULL) {
        fail_msg("\"%s\" does not stand there once", find);
    }
    return arena_printf(arena, "%.*s%s%s", (int)(at - text), text, replace, at + strlen(find));
}

/* Writes the book; in file `name` (NULL: none) `find` becomes `replace`; `find` NULL: all of it. */
static inline const char *book_write(struct ctx *ctx, const char *name, const char *find,
                                     const char *replace)
{
    const char *folder = check_folder(ctx->arena);
    assert_int_equal(file_make_folder(ctx, arena_printf(ctx->arena, "%s/procedures", folder), 0700),
                     FAULT_NONE);
    for (size_t i = 0; i < BOOK_FILES; i++) {
        const char *text = book_files[i].text;
        if (name != NULL && strcmp(name, book_files[i].name) == 0) {
            text = find == NULL ? replace : book_changed(ctx->arena, text, find, replace);
        }
        (void)check_write(ctx->arena, folder, book_files[i].name, text);
    }
    return folder;
}

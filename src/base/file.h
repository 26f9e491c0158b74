#pragma once
/* Whole small files, and folders. For large files use streams. */
#include "base/ctx.h"

#include <stddef.h>
#include <stdint.h>

/* Reads a file of at most `max_bytes` into the arena, zero byte at the end. IO_FAILED, TOO_LARGE.
 */
enum fault file_read(struct ctx *ctx, const char *path, size_t max_bytes, char **ret_data,
                     size_t *ret_count) MUST_CHECK;
/* Writes through a temporary file, syncs file and folder, renames: whole or not at all. */
enum fault file_write(struct ctx *ctx, const char *path, const void *data, size_t count,
                      unsigned mode) MUST_CHECK;
/* Makes a folder and those above it. */
enum fault file_make_folder(struct ctx *ctx, const char *path, unsigned mode) MUST_CHECK;
/* Makes a rename in a folder durable. */
enum fault file_sync_folder(struct ctx *ctx, const char *folder) MUST_CHECK;
/* The names in a folder that end with `ending`, in byte order. */
enum fault file_list(struct ctx *ctx, const char *folder, const char *ending, char ***ret_names,
                     size_t *ret_count) MUST_CHECK;

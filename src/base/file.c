#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum fault io_fail(struct ctx *ctx, const char *path)
{
    enum fault fault = errno == ENOSPC ? FAULT_STORE_FULL : FAULT_IO_FAILED;
    const char *why = strerrordesc_np(errno);
    return ctx_fail(ctx, fault, "%s: %s", "%s：%s", path, why == NULL ? "?" : why);
}

static void close_file(const int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
    }
}

enum fault file_read(struct ctx *ctx, const char *path, size_t max_bytes, char **ret_data,
                     size_t *ret_count)
{
    __attribute__((cleanup(close_file))) int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) != 0) {
        return io_fail(ctx, path);
    }
    if (status.st_size < 0 || (uint64_t)status.st_size > max_bytes) {
        return ctx_fail(ctx, FAULT_TOO_LARGE, "%s is larger than %zu bytes.", "%s超过%zu字节。",
                        path, max_bytes);
    }
    size_t count = (size_t)status.st_size;
    char *data = arena_alloc(ctx->arena, count + 1);
    size_t done = 0;
    while (done < count) {
        ssize_t got = read(fd, data + done, count - done);
        if (got < 0 && errno != EINTR) {
            return io_fail(ctx, path);
        }
        if (got == 0) {
            break;
        }
        done += got > 0 ? (size_t)got : 0;
    }
    *ret_data = data;
    *ret_count = done;
    return FAULT_NONE;
}

static enum fault write_all(struct ctx *ctx, int fd, const char *path, const void *data,
                            size_t count)
{
    size_t done = 0;
    while (done < count) {
        ssize_t put = write(fd, (const char *)data + done, count - done);
        if (put < 0 && errno != EINTR) {
            return io_fail(ctx, path);
        }
        done += put > 0 ? (size_t)put : 0;
    }
    return fsync(fd) == 0 ? FAULT_NONE : io_fail(ctx, path);
}

enum fault file_sync_folder(struct ctx *ctx, const char *folder)
{
    __attribute__((cleanup(close_file))) int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd >= 0 && fsync(fd) == 0 ? FAULT_NONE : io_fail(ctx, folder);
}

static enum fault sync_folder_of(struct ctx *ctx, const char *path)
{
    char *folder = arena_text(ctx->arena, path);
    char *slash = strrchr(folder, '/');
    if (slash == NULL) {
        folder = arena_text(ctx->arena, ".");
    } else {
        slash[slash == folder ? 1 : 0] = 0;
    }
    return file_sync_folder(ctx, folder);
}

enum fault file_write(struct ctx *ctx, const char *path, const void *data, size_t count,
                      unsigned mode)
{
    const char *temporary = arena_printf(ctx->arena, "%s.part", path);
    __attribute__((cleanup(close_file))) int fd =
        open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, (mode_t)mode);
    if (fd < 0) {
        return io_fail(ctx, temporary);
    }
    enum fault fault = write_all(ctx, fd, temporary, data, count);
    if (fault == FAULT_NONE && rename(temporary, path) != 0) {
        fault = io_fail(ctx, path);
    }
    if (fault != FAULT_NONE) {
        (void)unlink(temporary);
        return fault;
    }
    return sync_folder_of(ctx, path);
}

static bool is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

enum fault file_make_folder(struct ctx *ctx, const char *path, unsigned mode)
{
    char *partial = arena_text(ctx->arena, path);
    for (char *p = path[0] == 0 ? partial : partial + 1;; p++) {
        if (*p != '/' && *p != 0) {
            continue;
        }
        char kept = *p;
        *p = 0;
        if (mkdir(partial, (mode_t)mode) != 0 && !(errno == EEXIST && is_folder(partial))) {
            return io_fail(ctx, partial);
        }
        *p = kept;
        if (kept == 0) {
            return FAULT_NONE;
        }
    }
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void close_folder(DIR **dir)
{
    if (*dir != NULL) {
        (void)closedir(*dir);
    }
}

enum fault file_list(struct ctx *ctx, const char *folder, const char *ending, char ***ret_names,
                     size_t *ret_count)
{
    __attribute__((cleanup(close_folder))) DIR *dir = opendir(folder);
    if (dir == NULL) {
        return io_fail(ctx, folder);
    }
    size_t count = 0;
    size_t capacity = 16;
    char **names = arena_array(ctx->arena, capacity, sizeof *names);
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        size_t length = strlen(entry->d_name);
        size_t tail = strlen(ending);
        if (entry->d_name[0] == '.' || length < tail ||
            strcmp(entry->d_name + length - tail, ending) != 0) {
            continue;
        }
        if (count == capacity) {
            char **larger = arena_array(ctx->arena, capacity * 2, sizeof *larger);
            memcpy(larger, names, capacity * sizeof *names);
            names = larger;
            capacity *= 2;
        }
        names[count++] = arena_text(ctx->arena, entry->d_name);
    }
    qsort(names, count, sizeof *names, compare_names);
    *ret_names = names;
    *ret_count = count;
    return FAULT_NONE;
}

/* The built pages: read once at start. */
#include "base/file.h"
#include "http/inner.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { FILES_MAX = 1000, FILE_BYTES = 16 * 1024 * 1024 };

static const char *media_type_of(const char *path)
{
    static const char *const rows[][2] = {{".html", "text/html; charset=utf-8"},
                                          {".js", "text/javascript; charset=utf-8"},
                                          {".css", "text/css; charset=utf-8"},
                                          {".svg", "image/svg+xml"},
                                          {".png", "image/png"},
                                          {".ico", "image/x-icon"},
                                          {".woff2", "font/woff2"},
                                          {".json", "application/json"},
                                          {".txt", "text/plain; charset=utf-8"}};
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot != NULL && i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(dot, rows[i][0]) == 0) {
            return rows[i][1];
        }
    }
    return "application/octet-stream";
}

static struct static_file *add_file(struct http_server *server, const char *path)
{
    for (size_t i = 0; i < server->files_count; i++) {
        if (strcmp(server->files[i].path, path) == 0) {
            return &server->files[i];
        }
    }
    if (server->files_count == FILES_MAX) {
        return NULL;
    }
    struct static_file *file = &server->files[server->files_count++];
    file->path = arena_text(server->arena, path);
    file->media_type = media_type_of(path);
    file->immutable = text_starts(path, "/assets/");
    return file;
}

static enum fault load_file(struct ctx *ctx, struct http_server *server, const char *full,
                            const char *path)
{
    char *data = NULL;
    size_t count = 0;
    enum fault fault = file_read(ctx, full, FILE_BYTES, &data, &count);
    if (fault != FAULT_NONE) {
        return fault;
    }
    char *kept = arena_bytes(server->arena, data, count);
    size_t length = strlen(path);
    bool brotli = length > 3 && strcmp(path + length - 3, ".br") == 0;
    bool gzip = length > 3 && strcmp(path + length - 3, ".gz") == 0;
    const char *name = brotli || gzip ? arena_bytes(ctx->arena, path, length - 3) : path;
    struct static_file *file = add_file(server, name);
    if (file == NULL) {
        return FAULT_NONE;
    }
    if (brotli) {
        file->brotli = kept;
        file->brotli_bytes = count;
    } else if (gzip) {
        file->gzip = kept;
        file->gzip_bytes = count;
    } else {
        file->plain = kept;
        file->plain_bytes = count;
        uint8_t digest[DIGEST_BYTES];
        char hex[DIGEST_HEX];
        digest_sha256(data, count, digest);
        text_hex(digest, DIGEST_BYTES, hex);
        (void)snprintf(file->etag, sizeof file->etag, "\"%.16s\"", hex);
    }
    return FAULT_NONE;
}

static void close_folder(DIR **folder)
{
    if (*folder != NULL) {
        (void)closedir(*folder);
    }
}

static enum fault load_folder(struct ctx *ctx, struct http_server *server, const char *full,
                              const char *path, unsigned depth)
{
    __attribute__((cleanup(close_folder))) DIR *folder = opendir(full);
    if (folder == NULL || depth > 4) {
        return ctx_fail(ctx, FAULT_IO_FAILED, "%s: the pages can not be read.",
                        "%s：无法读取页面文件。", full);
    }
    enum fault fault = FAULT_NONE;
    for (struct dirent *entry = readdir(folder); entry != NULL && fault == FAULT_NONE;
         entry = readdir(folder)) {
        struct stat status;
        const char *inner = arena_printf(ctx->arena, "%s/%s", full, entry->d_name);
        const char *name = arena_printf(ctx->arena, "%s/%s", path, entry->d_name);
        if (entry->d_name[0] == '.' || stat(inner, &status) != 0) {
            continue;
        }
        fault = S_ISDIR(status.st_mode) ? load_folder(ctx, server, inner, name, depth + 1)
                                        : load_file(ctx, server, inner, name);
    }
    return fault;
}

enum fault static_load(struct ctx *ctx, struct http_server *server)
{
    if (server->options.web_dir == NULL) {
        return FAULT_NONE;
    }
    server->files = arena_array(server->arena, FILES_MAX, sizeof *server->files);
    return load_folder(ctx, server, server->options.web_dir, "", 0);
}

static const struct static_file *exact(const struct http_server *server, const char *path)
{
    for (size_t i = 0; i < server->files_count; i++) {
        if (strcmp(server->files[i].path, path) == 0 && server->files[i].plain != NULL) {
            return &server->files[i];
        }
    }
    return NULL;
}

const struct static_file *static_find(const struct http_server *server, const char *path)
{
    const struct static_file *file = exact(server, path);
    const char *last = strrchr(path, '/');
    bool page = last != NULL && strchr(last, '.') == NULL && !text_starts(path, "/api/");
    if (file != NULL || !page) {
        return file;
    }
    bool portal = strcmp(path, "/portal") == 0 || text_starts(path, "/portal/");
    return exact(server, portal ? "/portal.html" : "/index.html");
}

/* Does Accept-Encoding name this coding, and not with q=0? */
bool http_accepts(const struct http_request *request, const char *coding)
{
    const char *list = http_header(request, "Accept-Encoding");
    size_t length = strlen(coding);
    for (const char *p = list; p != NULL && *p != 0;) {
        p += strspn(p, " \t,");
        size_t item = strcspn(p, ",");
        size_t name = strcspn(p, "; \t,");
        const char *weight = memmem(p, item, "q=", 2);
        if (name == length && strncasecmp(p, coding, length) == 0) {
            return weight == NULL || strtod(weight + 2, NULL) > 0;
        }
        p += item;
    }
    return false;
}

enum MHD_Result static_send(struct http_request *request, const struct static_file *file)
{
    struct http_reply *reply = &request->reply;
    reply->media_type = file->media_type;
    http_reply_header(reply, "ETag", file->etag);
    http_reply_header(reply, "Vary", "Accept-Encoding");
    http_reply_header(reply, "Cache-Control",
                      file->immutable ? "public, max-age=31536000, immutable" : "no-cache");
    reply->status = 200;
    if (etag_matches(request, file->etag)) {
        reply->status = 304;
        return send_reply(request);
    }
    reply->body = file->plain;
    reply->body_bytes = file->plain_bytes;
    if (http_accepts(request, "br") && file->brotli != NULL) {
        reply->body = file->brotli;
        reply->body_bytes = file->brotli_bytes;
        http_reply_header(reply, "Content-Encoding", "br");
    } else if (http_accepts(request, "gzip") && file->gzip != NULL) {
        reply->body = file->gzip;
        reply->body_bytes = file->gzip_bytes;
        http_reply_header(reply, "Content-Encoding", "gzip");
    }
    return send_reply(request);
}

/* Uploads: each file goes straight to disk, digested on the way; never whole in memory. */
#include "base/limit.h"
#include "base/random.h"
#include "http/inner.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const char *file_name_clean(struct arena *arena, const char *name)
{
    const char *slash = strrchr(name, '/');
    const char *backslash = strrchr(name, '\\');
    const char *start = name;
    start = slash != NULL && slash + 1 > start ? slash + 1 : start;
    start = backslash != NULL && backslash + 1 > start ? backslash + 1 : start;
    bool usable = text_is_utf8(start, strlen(start)) && !text_has_control(start) &&
                  strpbrk(start, "\t\n") == NULL && start[0] != 0 && strcmp(start, ".") != 0 &&
                  strcmp(start, "..") != 0 && text_length(start) <= LIMIT_FILE_NAME_CHARS;
    return usable ? arena_text(arena, start) : NULL;
}

static enum fault begin_file(struct http_request *request, const char *name)
{
    if (++request->files_count > LIMIT_UPLOAD_FILES) {
        return ctx_fail(&request->ctx, FAULT_TOO_LARGE, "At most %d files at once.",
                        "一次最多上传%d个文件。", LIMIT_UPLOAD_FILES);
    }
    const char *clean = file_name_clean(request->arena, name);
    if (clean == NULL) {
        return ctx_field(&request->ctx, "file", "A file name is not usable.", "文件名不可用。");
    }
    uint8_t secret[12];
    char hex[sizeof secret * 2 + 1];
    random_bytes(secret, sizeof secret);
    text_hex(secret, sizeof secret, hex);
    struct incoming *incoming = arena_alloc(request->arena, sizeof *incoming);
    incoming->given_name = arena_text(request->arena, name);
    incoming->upload.name = clean;
    incoming->upload.path =
        arena_printf(request->arena, "%s/%s.part", request->server->options.upload_dir, hex);
    incoming->text = true;
    incoming->fd = open(incoming->upload.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (incoming->fd < 0) {
        return ctx_fail(&request->ctx, errno == ENOSPC ? FAULT_STORE_FULL : FAULT_IO_FAILED,
                        "The upload could not be stored.", "上传文件无法保存。");
    }
    incoming->stream = digest_start();
    request->incoming = incoming;
    return FAULT_NONE;
}

static enum fault write_file(struct http_request *request, const char *data, size_t bytes)
{
    struct incoming *incoming = request->incoming;
    int64_t most = request->server->options.upload_bytes_max;
    if (incoming->upload.bytes + (int64_t)bytes > most) {
        return ctx_fail(&request->ctx, FAULT_TOO_LARGE, "A file is larger than %lld MiB.",
                        "文件超过%lld MiB。", (long long)(most / 1048576));
    }
    for (size_t i = 0; i < bytes && incoming->head_bytes < sizeof incoming->head; i++) {
        incoming->head[incoming->head_bytes++] = (unsigned char)data[i];
    }
    incoming->text = incoming->text && memchr(data, 0, bytes) == NULL;
    digest_add(incoming->stream, data, bytes);
    incoming->upload.bytes += (int64_t)bytes;
    for (size_t done = 0; done < bytes;) {
        ssize_t put = write(incoming->fd, data + done, bytes - done);
        if (put < 0 && errno != EINTR) {
            return ctx_fail(&request->ctx, errno == ENOSPC ? FAULT_STORE_FULL : FAULT_IO_FAILED,
                            "The upload could not be stored.", "上传文件无法保存。");
        }
        done += put > 0 ? (size_t)put : 0;
    }
    return FAULT_NONE;
}

/* Makes the current file complete: on disk, with digest and kind. */
static enum fault end_file(struct http_request *request)
{
    struct incoming *incoming = request->incoming;
    if (incoming == NULL) {
        return FAULT_NONE;
    }
    if (incoming->upload.bytes == 0) {
        return ctx_field(&request->ctx, "file", "%s is empty.", "%s是空文件。",
                         incoming->upload.name);
    }
    request->incoming = NULL;
    digest_finish(incoming->stream, &incoming->upload.digest);
    int failed = fsync(incoming->fd);
    (void)close(incoming->fd);
    incoming->upload.media_type =
        media_type_sniff(incoming->head, incoming->head_bytes, incoming->text);
    if (request->uploads_last == NULL) {
        request->uploads = &incoming->upload;
    } else {
        request->uploads_last->next = &incoming->upload;
    }
    request->uploads_last = &incoming->upload;
    return failed == 0 ? FAULT_NONE
                       : ctx_fail(&request->ctx, FAULT_IO_FAILED, "The upload could not be stored.",
                                  "上传文件无法保存。");
}

static enum fault add_field(struct http_request *request, const char *name, const char *data,
                            uint64_t offset, size_t bytes)
{
    request->form_bytes += bytes;
    request->fields_count += offset == 0 ? 1 : 0;
    if (request->form_bytes > FORM_BYTES || request->fields_count > FORM_FIELDS) {
        return ctx_fail(&request->ctx, FAULT_TOO_LARGE, "The form's fields are too long.",
                        "表单字段过长。");
    }
    if (offset == 0) {
        struct form_field *field = arena_alloc(request->arena, sizeof *field);
        field->name = arena_text(request->arena, name);
        buffer_init(&field->value, request->arena);
        field->next = request->fields;
        request->fields = field;
    }
    if (request->fields != NULL) {
        buffer_add(&request->fields->value, data, bytes);
    }
    return FAULT_NONE;
}

/*
 * Does a new file begin? The library also hands over a part's first piece with no bytes in it and
 * then says "offset 0" once more; a file that ended empty is refused, so the same name again can
 * only be that.
 */
static bool begins_file(const struct http_request *request, const char *file_name, uint64_t offset)
{
    const struct incoming *incoming = request->incoming;
    bool again = incoming != NULL && incoming->upload.bytes == 0 &&
                 text_equal(incoming->given_name, file_name);
    return offset == 0 && !again;
}

static enum MHD_Result take_part(void *cls, enum MHD_ValueKind kind, const char *name,
                                 const char *file_name, const char *media_type,
                                 const char *encoding, const char *data, uint64_t offset,
                                 size_t bytes)
{
    struct http_request *request = cls;
    (void)kind;
    (void)media_type;
    (void)encoding;
    if (request->fault != FAULT_NONE) {
        return MHD_NO;
    }
    if (name == NULL) {
        request->fault = ctx_fail(&request->ctx, FAULT_MALFORMED, "A part of the form has no name.",
                                  "表单中有未命名的部分。");
    } else if (file_name == NULL) {
        request->fault = add_field(request, name, data, offset, bytes);
    } else if (begins_file(request, file_name, offset)) {
        request->fault = end_file(request);
        if (request->fault == FAULT_NONE) {
            request->fault = begin_file(request, file_name);
        }
    }
    if (file_name != NULL && request->fault == FAULT_NONE) {
        request->fault = write_file(request, data, bytes);
    }
    return request->fault == FAULT_NONE ? MHD_YES : MHD_NO;
}

/* As the library reads it: up to the end of the header, quotes taken off. NULL if there is none. */
static const char *boundary_of(struct http_request *request, const char *type)
{
    const char *start = strstr(type, "boundary=");
    if (start == NULL) {
        return NULL;
    }
    start += strlen("boundary=");
    size_t length = strlen(start);
    if (length >= 2 && start[0] == '"' && start[length - 1] == '"') {
        start++;
        length -= 2;
    }
    return length == 0 || length > BOUNDARY_MAX ? NULL : arena_bytes(request->arena, start, length);
}

static void keep_tail(struct http_request *request, const char *data, size_t bytes)
{
    size_t fresh = bytes < FORM_TAIL ? bytes : FORM_TAIL;
    size_t old = request->form_tail_bytes;
    size_t keep = old + fresh > FORM_TAIL ? FORM_TAIL - fresh : old;
    memmove(request->form_tail, request->form_tail + old - keep, keep);
    memcpy(request->form_tail + keep, data + bytes - fresh, fresh);
    request->form_tail_bytes = keep + fresh;
}

/* Is the last boundary there, on a line of its own? The library takes a form that breaks off for a
 * whole one. */
static bool has_end(const struct http_request *request)
{
    const char *tail = request->form_tail;
    size_t count = request->form_tail_bytes;
    count -= count >= 2 && memcmp(tail + count - 2, "\r\n", 2) == 0 ? 2 : 0;
    const char *end = arena_printf(request->arena, "\r\n--%s--", request->boundary);
    size_t length = strlen(end);
    if (count == length - 2) {
        return memcmp(tail, end + 2, count) == 0; /* A form without parts. */
    }
    return count >= length && memcmp(tail + count - length, end, length) == 0;
}

enum fault multipart_begin(struct http_request *request)
{
    request->multipart =
        MHD_create_post_processor(request->connection, 64 * 1024, take_part, request);
    const char *type = http_header(request, "Content-Type");
    bool multipart = type != NULL && strncasecmp(type, "multipart/form-data", 19) == 0;
    request->boundary = multipart ? boundary_of(request, type) : NULL;
    return request->multipart != NULL && request->boundary != NULL
               ? FAULT_NONE
               : ctx_fail(&request->ctx, FAULT_MEDIA_TYPE, "multipart/form-data is expected.",
                          "应为multipart/form-data。");
}

enum fault multipart_add(struct http_request *request, const char *data, size_t bytes)
{
    keep_tail(request, data, bytes);
    enum MHD_Result good = MHD_post_process(request->multipart, data, bytes);
    if (request->fault != FAULT_NONE) {
        return request->fault;
    }
    return good == MHD_YES ? FAULT_NONE
                           : ctx_fail(&request->ctx, FAULT_MALFORMED, "The form is malformed.",
                                      "表单格式不正确。");
}

enum fault multipart_end(struct http_request *request)
{
    enum MHD_Result good = MHD_destroy_post_processor(request->multipart);
    request->multipart = NULL;
    if (request->fault != FAULT_NONE) {
        return request->fault;
    }
    if (good != MHD_YES || !has_end(request)) {
        return ctx_fail(&request->ctx, FAULT_MALFORMED, "The form ends too early.", "表单不完整。");
    }
    return end_file(request);
}

void multipart_discard(struct http_request *request)
{
    if (request->multipart != NULL) {
        (void)MHD_destroy_post_processor(request->multipart);
        request->multipart = NULL;
    }
    if (request->incoming != NULL) {
        digest_stream_scoped(&request->incoming->stream);
        (void)close(request->incoming->fd);
        (void)unlink(request->incoming->upload.path);
        request->incoming = NULL;
    }
    /* What the handler kept has another name by now. */
    for (struct http_upload *upload = request->uploads; upload != NULL; upload = upload->next) {
        (void)unlink(upload->path);
    }
    request->uploads = NULL;
}

/* Uploads: the files already lie complete in the upload folder; they are kept by digest, then
 * recorded. */
#include "api/endpoints.h"
#include "api/input.h"
#include "api/reply.h"
#include "base/limit.h"
#include "base/text.h"

#include <string.h>

struct uploading {
    struct new_upload files[LIMIT_UPLOAD_FILES];
    size_t count;
};

/* What the public has uploaded and not yet filed is bounded as a whole: anybody may upload. */
static enum fault check_waiting(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    (void)arg;
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_one(
        tx, ctx, "SELECT coalesce(sum(bytes), 0) FROM upload WHERE region = $1 AND account IS NULL",
        SQL_ARGS(sql_int(ctx->actor->region)), &rows);
    if (fault == FAULT_NONE && sql_column_int(rows, 0) > LIMIT_PORTAL_WAITING_BYTES) {
        return ctx_fail(ctx, FAULT_BUSY, "Too many files wait to be filed; try again later.",
                        "待提交的文件过多，请稍后再试。");
    }
    return fault;
}

static enum fault add_uploads(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct uploading *uploading = arg;
    enum fault fault = FAULT_NONE;
    for (size_t i = 0; i < uploading->count && fault == FAULT_NONE; i++) {
        fault = matter_upload_add(ctx, tx, &uploading->files[i]);
    }
    return fault;
}

static void put_upload(struct json_writer *json, const struct new_upload *upload)
{
    char sha256[DIGEST_HEX];
    char sm3[DIGEST_HEX];
    text_hex(upload->digest.sha256, DIGEST_BYTES, sha256);
    text_hex(upload->digest.sm3, DIGEST_BYTES, sm3);
    json_open(json);
    put_id(json, "id", upload->ret_id);
    json_put_text(json, "name", upload->name);
    json_put_text(json, "media_type", upload->media_type);
    json_put_int(json, "bytes", upload->bytes);
    json_put_text(json, "sha256", sha256);
    json_put_text(json, "sm3", sm3);
    json_close(json);
}

static enum fault uploaded(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    const struct uploading *uploading = http_suspended_arg(request);
    struct reply_json *made = reply_begin(ctx);
    json_open(&made->json);
    json_key(&made->json, "items");
    json_list(&made->json);
    for (size_t i = 0; i < uploading->count; i++) {
        put_upload(&made->json, &uploading->files[i]);
    }
    json_end(&made->json);
    json_close(&made->json);
    reply_end(reply, made, 201);
    return FAULT_NONE;
}

enum fault uploads_post(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    (void)reply;
    const struct office *office = ((const struct api *)http_owner(request))->office;
    struct uploading *uploading = arena_alloc(ctx->arena, sizeof *uploading);
    enum fault fault = FAULT_NONE;
    const struct http_upload *file = http_uploads(request);
    for (; file != NULL && fault == FAULT_NONE; file = file->next) {
        uploading->files[uploading->count++] = (struct new_upload){.region = office->region,
                                                                   .name = file->name,
                                                                   .media_type = file->media_type,
                                                                   .bytes = file->bytes,
                                                                   .digest = file->digest};
        fault = matter_file_keep(ctx, office, file->path, &file->digest);
    }
    if (fault == FAULT_NONE && uploading->count == 0) {
        return ctx_field(ctx, "file", "No file came with the form.", "表单中没有文件。");
    }
    return fault == FAULT_NONE ? reply_after_write(ctx, request, add_uploads, uploaded, uploading)
                               : fault;
}

enum fault portal_uploads_post(struct ctx *ctx, struct http_request *request,
                               struct http_reply *reply)
{
    const struct api *api = http_owner(request);
    struct actor *actor = arena_alloc(ctx->arena, sizeof *actor);
    *actor = (struct actor){.kind = ACTOR_CODE, .region = api->office->region, .name = ""};
    ctx->actor = actor;
    enum fault fault = store_read(api->store, ctx, check_waiting, NULL);
    return fault == FAULT_NONE ? uploads_post(ctx, request, reply) : fault;
}

/* Files: downloads, uploads, the receipt, sealed facts. */
#include "api/endpoints.h"
#include "api/input.h"
#include "api/reply.h"
#include "base/text.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

struct download {
    struct reading reading;
    const struct api *api;
    int64_t material;
    bool restricted;
    struct material found;
};

static enum fault find_material(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct download *download = arg;
    struct matter *matter = NULL;
    struct material *materials = NULL;
    size_t count = 0;
    enum fault fault =
        matter_read(ctx, tx, download->api->office, download->reading.matter, &matter);
    if (fault == FAULT_NONE) {
        download->restricted = matter->restricted;
        fault = matter_materials(ctx, tx, matter, &materials, &count);
    }
    for (size_t i = 0; i < count && fault == FAULT_NONE; i++) {
        if (materials[i].id == download->material) {
            download->found = materials[i];
            return FAULT_NONE;
        }
    }
    return fault == FAULT_NONE ? FAULT_NOT_FOUND : fault;
}

static void close_file(const int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
    }
}

/* Is the file still what was digested? A damaged one must not go out as evidence. */
enum fault reply_check_file(struct ctx *ctx, const char *path, const char *sha256)
{
    __attribute__((cleanup(close_file))) int fd = open(path, O_RDONLY | O_CLOEXEC);
    enum { CHUNK = 64 * 1024 };
    unsigned char *chunk = arena_alloc(ctx->arena, CHUNK);
    struct digest_stream *stream = digest_start();
    ssize_t got = fd < 0 ? -1 : read(fd, chunk, CHUNK);
    while (got > 0) {
        digest_add(stream, chunk, (size_t)got);
        got = read(fd, chunk, CHUNK);
    }
    struct digest digest;
    digest_finish(stream, &digest);
    char hex[DIGEST_HEX];
    text_hex(digest.sha256, DIGEST_BYTES, hex);
    return got == 0 && strcmp(hex, sha256) == 0
               ? FAULT_NONE
               : ctx_fail(ctx, FAULT_IO_FAILED, "The stored file is missing or damaged.",
                          "存储的文件缺失或已损坏。");
}

static enum fault send_material(struct ctx *ctx, struct http_reply *reply,
                                const struct download *download)
{
    const struct material *found = &download->found;
    reply->file_path = matter_file_path(ctx->arena, download->api->office, found->sha256);
    reply->file_name = found->name;
    reply->media_type = found->media_type;
    return reply_check_file(ctx, reply->file_path, found->sha256);
}

static enum fault record_download(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    const struct download *download = arg;
    struct reading reading = download->reading;
    return matter_record_reading(ctx, tx, &reading);
}

static enum fault download_recorded(struct ctx *ctx, struct http_request *request,
                                    struct http_reply *reply)
{
    return send_material(ctx, reply, http_suspended_arg(request));
}

enum fault material_get(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    struct download *download = arena_alloc(ctx->arena, sizeof *download);
    download->api = http_owner(request);
    download->reading.what = "material";
    enum fault fault = input_id(ctx, request, "id", &download->reading.matter);
    if (fault == FAULT_NONE) {
        fault = input_id(ctx, request, "material", &download->material);
    }
    if (fault == FAULT_NONE) {
        fault = store_read(download->api->store, ctx, find_material, download);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    /* As for the matter itself: on the record before it goes out. */
    return download->restricted
               ? reply_after_write(ctx, request, record_download, download_recorded, download)
               : send_material(ctx, reply, download);
}

struct receipt_view {
    const struct api *api;
    struct json_writer *json;
    int64_t matter;
};

static enum fault put_receipt(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct receipt_view *wanted = arg;
    struct matter *matter = NULL;
    struct receipt receipt;
    enum fault fault = matter_read(ctx, tx, wanted->api->office, wanted->matter, &matter);
    if (fault == FAULT_NONE) {
        fault = matter_receipt(ctx, tx, matter, &receipt);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    SCOPED_JSON body = json_loads(receipt.text, 0, NULL);
    json_open(wanted->json);
    static const char *const parts[] = {"reference", "delivery", "sender", "receiver", "items"};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        char *part = json_dumps(json_object_get(body, parts[i]), JSON_ENCODE_ANY);
        json_key(wanted->json, parts[i]);
        json_raw(wanted->json, part == NULL ? "null" : part);
        free(part);
    }
    json_put_text(wanted->json, "sha256", receipt.sha256);
    json_put_text(wanted->json, "sm3", receipt.sm3);
    json_put_time(wanted->json, "time", receipt.made_ms);
    json_put_text(wanted->json, "text", receipt.text);
    json_close(wanted->json);
    return FAULT_NONE;
}

enum fault receipt_get(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    const struct api *api = http_owner(request);
    struct reply_json *made = reply_begin(ctx);
    struct receipt_view wanted = {.api = api, .json = &made->json};
    enum fault fault = input_id(ctx, request, "id", &wanted.matter);
    if (fault == FAULT_NONE) {
        fault = store_read(api->store, ctx, put_receipt, &wanted);
    }
    reply_end(reply, made, 200);
    return fault;
}

struct sealed_view {
    struct reading reading;
    const struct api *api;
    struct json_writer *json;
};

static enum fault put_sealed_facts(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct sealed_view *wanted = arg;
    struct matter *matter = NULL;
    int64_t until_ms = 0;
    enum fault fault = matter_read(ctx, tx, wanted->api->office, wanted->reading.matter, &matter);
    if (fault == FAULT_NONE) {
        fault = matter_unsealed(ctx, tx, wanted->api->office, matter, &until_ms);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    json_open(wanted->json);
    json_key(wanted->json, "facts");
    json_list(wanted->json);
    for (size_t i = 0; i < matter->procedure->facts_count; i++) {
        const struct rules_fact *fact = &matter->procedure->facts[i];
        const struct fact_value *value = &matter->facts[i];
        if (fact->secrecy != SECRECY_SEALED || !value->set) {
            continue;
        }
        json_open(wanted->json);
        json_put_text(wanted->json, "code", fact->code);
        json_put_label(wanted->json, "label", &fact->label);
        json_key(wanted->json, "value");
        put_fact_value(wanted->json, fact, value->value);
        json_close(wanted->json);
    }
    json_end(wanted->json);
    json_put_time(wanted->json, "until", until_ms);
    json_close(wanted->json);
    return FAULT_NONE;
}

/* The right is checked in the same transaction that records the reading. */
static enum fault record_sealed(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct sealed_view *wanted = arg;
    struct matter *matter = NULL;
    int64_t until_ms = 0;
    enum fault fault = matter_read(ctx, tx, wanted->api->office, wanted->reading.matter, &matter);
    if (fault == FAULT_NONE) {
        fault = matter_unsealed(ctx, tx, wanted->api->office, matter, &until_ms);
    }
    return fault == FAULT_NONE ? matter_record_reading(ctx, tx, &wanted->reading) : fault;
}

static enum fault show_sealed(struct ctx *ctx, struct http_request *request,
                              struct http_reply *reply)
{
    struct sealed_view *wanted = http_suspended_arg(request);
    struct reply_json *made = reply_begin(ctx);
    wanted->json = &made->json;
    enum fault fault = store_read(wanted->api->store, ctx, put_sealed_facts, wanted);
    reply_end(reply, made, 200);
    return fault;
}

enum fault sealed_get(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    (void)reply;
    struct sealed_view *wanted = arena_alloc(ctx->arena, sizeof *wanted);
    wanted->api = http_owner(request);
    wanted->reading.what = "sealed";
    enum fault fault = input_id(ctx, request, "id", &wanted->reading.matter);
    return fault == FAULT_NONE ? reply_after_write(ctx, request, record_sealed, show_sealed, wanted)
                               : fault;
}

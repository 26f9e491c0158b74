/* Problem documents (RFC 9457). */
#include "base/json_writer.h"
#include "http/inner.h"

/* Recorded newest first; people read from the top. */
static void put_fields(struct json_writer *json, const struct field_note *field)
{
    if (field == NULL) {
        return;
    }
    put_fields(json, field->next);
    json_open(json);
    json_put_text(json, "path", field->path);
    json_put_text(json, "text", field->text);
    json_close(json);
}

void reply_problem(struct http_request *request, enum fault fault, const char *allow)
{
    struct ctx *ctx = &request->ctx;
    struct buffer text;
    struct json_writer json;
    int status = fault_status(fault);
    bool english = ctx->lang == LANG_EN;
    buffer_init(&text, request->arena);
    json_writer_init(&json, &text);
    json_open(&json);
    json_put_text(&json, "type", arena_printf(request->arena, "/problems/%d", (int)fault));
    json_put_text(&json, "title", english ? fault_meaning_en(fault) : fault_meaning_zh(fault));
    json_put_int(&json, "status", status);
    json_put_int(&json, "code", fault);
    json_put_text(&json, "name", fault_name(fault));
    /* What broke inside is for the log, not for the other side. */
    bool inside = status == 500 || status == 507 || fault == FAULT_DUPLICATE;
    json_put_text(&json, "detail", inside ? NULL : ctx->note);
    json_key(&json, "fields");
    json_list(&json);
    put_fields(&json, ctx->fields);
    json_end(&json);
    json_put_text(&json, "request", ctx->request_id);
    json_close(&json);
    request->reply = (struct http_reply){.status = status};
    request->reply.media_type = "application/problem+json; charset=utf-8";
    http_reply_buffer(&request->reply, status, &text);
    if (allow != NULL) {
        http_reply_header(&request->reply, "Allow", allow);
    }
    if (status == 503 || status == 429) {
        http_reply_header(&request->reply, "Retry-After", status == 503 ? "1" : "60");
    }
}

void http_reply_header(struct http_reply *reply, const char *name, const char *value)
{
    if (reply->headers_count < sizeof reply->headers / sizeof reply->headers[0]) {
        reply->headers[reply->headers_count++] = (struct http_header){name, value};
    }
}

void http_reply_buffer(struct http_reply *reply, int status, const struct buffer *buffer)
{
    reply->status = status;
    reply->body = buffer->data;
    reply->body_bytes = buffer->count;
}

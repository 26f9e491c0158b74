/* The rulebook as other programs read it, each edition made and compressed once; and which editions
 * there are. */
#include "matter/edition.h"

#include "api/endpoints.h"
#include "api/reply.h"
#include "base/gzip.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* One edition's text; never changed once it hangs in the list. */
struct rulebook_text {
    const struct rulebook *book;
    const char *json;
    size_t json_bytes;
    const void *gzip;
    size_t gzip_bytes;
    struct rulebook_text *next;
};

struct rulebook_texts {
    pthread_mutex_t mutex;
    struct arena *arena;
    struct rulebook_text *first;
};

struct rulebook_texts *rulebook_texts_create(void)
{
    struct rulebook_texts *texts = calloc(1, sizeof *texts);
    if (texts == NULL) {
        abort();
    }
    texts->arena = arena_create();
    (void)pthread_mutex_init(&texts->mutex, NULL);
    return texts;
}

void rulebook_texts_destroy(struct rulebook_texts *texts)
{
    (void)pthread_mutex_destroy(&texts->mutex);
    arena_destroy(texts->arena);
    free(texts);
}

static struct rulebook_text *make_text(struct rulebook_texts *texts, const struct rulebook *book)
{
    struct buffer text;
    struct json_writer json;
    buffer_init(&text, texts->arena);
    json_writer_init(&json, &text);
    rules_json(book, &json);
    struct rulebook_text *made = arena_alloc(texts->arena, sizeof *made);
    *made = (struct rulebook_text){
        .book = book, .json = text.data, .json_bytes = text.count, .next = texts->first};
    made->gzip = gzip_of(texts->arena, text.data, text.count, &made->gzip_bytes);
    texts->first = made;
    return made;
}

static const struct rulebook_text *text_of(struct rulebook_texts *texts,
                                           const struct rulebook *book)
{
    (void)pthread_mutex_lock(&texts->mutex);
    struct rulebook_text *text = texts->first;
    while (text != NULL && text->book != book) {
        text = text->next;
    }
    text = text != NULL ? text : make_text(texts, book);
    (void)pthread_mutex_unlock(&texts->mutex);
    return text;
}

enum fault rulebook_get(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    const struct api *api = http_owner(request);
    const char *edition = http_query(request, "edition");
    const struct rulebook *book = edition == NULL ? office_book(api->office, ctx->now_ms)
                                                  : office_edition(api->office, edition);
    if (book == NULL) {
        return ctx_fail(ctx, FAULT_NOT_FOUND, "There is no such edition.", "没有这个规则版本。");
    }
    const char *etag = arena_printf(ctx->arena, "\"%s\"", book->edition);
    http_reply_header(reply, "Cache-Control", "no-cache");
    if (http_reply_known(request, reply, etag)) {
        return FAULT_NONE;
    }
    http_reply_header(reply, "Vary", "Accept-Encoding");
    bool small = http_accepts(request, "gzip");
    if (small) {
        http_reply_header(reply, "Content-Encoding", "gzip");
    }
    const struct rulebook_text *text = text_of(api->rulebooks, book);
    reply->body = small ? text->gzip : text->json;
    reply->body_bytes = small ? text->gzip_bytes : text->json_bytes;
    return FAULT_NONE;
}

static void put_edition(struct json_writer *json, const struct edition *edition,
                        const struct rulebook *in_force)
{
    json_open(json);
    json_put_text(json, "edition", edition->edition);
    json_put_text(json, "code", edition->book->code);
    json_put_label(json, "title", &edition->book->title);
    put_date(json, "takes_effect", edition->takes_effect);
    json_put_bool(json, "current", strcmp(edition->edition, in_force->edition) == 0);
    json_close(json);
}

enum fault editions_get(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    const struct office *office = ((const struct api *)http_owner(request))->office;
    const struct rulebook *in_force = office_book(office, ctx->now_ms);
    struct reply_json *made = reply_begin(ctx);
    json_open(&made->json);
    json_key(&made->json, "items");
    json_list(&made->json);
    for (size_t i = 0; i < editions_count(office->editions); i++) {
        put_edition(&made->json, editions_at(office->editions, i), in_force);
    }
    json_end(&made->json);
    json_close(&made->json);
    reply_end(reply, made, 200);
    return FAULT_NONE;
}

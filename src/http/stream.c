/* Server-sent events: a suspended connection for each reader, a bounded queue, a heartbeat. */
#include "base/clock.h"
#include "http/inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { QUEUE_BYTES = 64 * 1024, LIFE_S = 600 };

struct stream {
    struct stream *next, *before;
    struct http_server *server;
    struct MHD_Connection *connection;
    uint64_t topic; /* 0: all. */
    uint64_t owner;
    int64_t begun_us;
    char queue[QUEUE_BYTES];
    size_t count;
    bool asleep, ending;
};

static ssize_t read_stream(void *cls, uint64_t position, char *buffer, size_t most)
{
    struct stream *stream = cls;
    (void)position;
    ssize_t given = 0;
    (void)pthread_mutex_lock(&stream->server->mutex);
    if (stream->count > 0) {
        size_t take = stream->count < most ? stream->count : most;
        memcpy(buffer, stream->queue, take);
        memmove(stream->queue, stream->queue + take, stream->count - take);
        stream->count -= take;
        given = (ssize_t)take;
    } else if (stream->ending) {
        given = MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        MHD_suspend_connection(stream->connection);
        stream->asleep = true;
    }
    (void)pthread_mutex_unlock(&stream->server->mutex);
    return given;
}

static void free_stream(void *cls)
{
    struct stream *stream = cls;
    struct http_server *server = stream->server;
    (void)pthread_mutex_lock(&server->mutex);
    if (stream->before == NULL) {
        server->streams = stream->next;
    } else {
        stream->before->next = stream->next;
    }
    if (stream->next != NULL) {
        stream->next->before = stream->before;
    }
    server->streams_count--;
    (void)pthread_mutex_unlock(&server->mutex);
    free(stream);
}

/* With the server's mutex held: there is something to read, or the end. */
static void wake(struct stream *stream)
{
    if (stream->asleep) {
        stream->asleep = false;
        MHD_resume_connection(stream->connection);
    }
}

/* With the server's mutex held. A reader that is too far behind is ended. */
static void give(struct stream *stream, const char *text, size_t bytes)
{
    if (stream->count + bytes > QUEUE_BYTES) {
        stream->ending = true;
    } else {
        memcpy(stream->queue + stream->count, text, bytes);
        stream->count += bytes;
    }
    wake(stream);
}

/* With the server's mutex held: it ends once it has read what is there. */
static void end(struct stream *stream)
{
    stream->ending = true;
    wake(stream);
}

enum MHD_Result stream_begin(struct http_request *request)
{
    struct http_server *server = request->server;
    struct stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL) {
        abort();
    }
    stream->server = server;
    stream->connection = request->connection;
    stream->topic = request->topic;
    stream->owner = request->owner;
    stream->begun_us = clock_monotonic_us();
    static const char hello[] = ": connected\n\n";
    memcpy(stream->queue, hello, sizeof hello - 1);
    stream->count = sizeof hello - 1;
    (void)pthread_mutex_lock(&server->mutex);
    stream->next = server->streams;
    if (stream->next != NULL) {
        stream->next->before = stream;
    }
    server->streams = stream;
    server->streams_count++;
    stream->ending = server->stopping;
    (void)pthread_mutex_unlock(&server->mutex);
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, read_stream, stream, free_stream);
    if (response == NULL) {
        free_stream(stream);
        return MHD_NO;
    }
    add_security_headers(response);
    (void)MHD_add_response_header(response, "Content-Type", "text/event-stream");
    (void)MHD_add_response_header(response, "Cache-Control", "no-store");
    enum MHD_Result queued = MHD_queue_response(request->connection, 200, response);
    MHD_destroy_response(response);
    return queued;
}

void http_event_stream(struct http_request *request, uint64_t topic, uint64_t owner)
{
    request->streaming = true;
    request->topic = topic;
    request->owner = owner;
}

void http_end_streams(struct http_server *server, uint64_t owner)
{
    (void)pthread_mutex_lock(&server->mutex);
    for (struct stream *stream = server->streams; stream != NULL; stream = stream->next) {
        if (stream->owner == owner) {
            end(stream);
        }
    }
    (void)pthread_mutex_unlock(&server->mutex);
}

static bool hears(const struct stream *stream, const uint64_t *topics, size_t topics_count)
{
    bool heard = stream->topic == 0;
    for (size_t i = 0; i < topics_count && !heard; i++) {
        heard = stream->topic == topics[i];
    }
    return heard;
}

void http_publish(struct http_server *server, const uint64_t *topics, size_t topics_count,
                  const char *event, const char *data)
{
    char text[1024];
    int bytes = snprintf(text, sizeof text, "event: %s\ndata: %s\n\n", event, data);
    if (bytes <= 0 || (size_t)bytes >= sizeof text) {
        return;
    }
    (void)pthread_mutex_lock(&server->mutex);
    for (struct stream *stream = server->streams; stream != NULL; stream = stream->next) {
        if (hears(stream, topics, topics_count)) {
            give(stream, text, (size_t)bytes);
        }
    }
    (void)pthread_mutex_unlock(&server->mutex);
}

void stream_heartbeat(struct http_server *server)
{
    static const char beat[] = ": beat\n\n";
    int64_t oldest_us = clock_monotonic_us() - (int64_t)LIFE_S * 1000000;
    (void)pthread_mutex_lock(&server->mutex);
    for (struct stream *stream = server->streams; stream != NULL; stream = stream->next) {
        give(stream, beat, sizeof beat - 1);
        if (stream->begun_us < oldest_us) {
            end(stream);
        }
    }
    (void)pthread_mutex_unlock(&server->mutex);
}

void stream_end_all(struct http_server *server)
{
    (void)pthread_mutex_lock(&server->mutex);
    for (struct stream *stream = server->streams; stream != NULL; stream = stream->next) {
        end(stream);
    }
    (void)pthread_mutex_unlock(&server->mutex);
}

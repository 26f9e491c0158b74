/* The library's callbacks at the ends: a request is over, a connection came or went. */
#include "base/clock.h"
#include "base/log.h"
#include "http/inner.h"

#include <stdlib.h>

static const char *method_text(const struct http_request *request)
{
    static const char *const names[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    return request->head ? "HEAD" : names[request->method];
}

/* A fault of the server. A method that nobody knows (501) is the client's. */
static bool is_ours(int status)
{
    return status >= 500 && status != 501;
}

/* The pattern, never the path: a path may hold what is nobody's business. */
static void log_request(const struct http_request *request)
{
    const char *route = request->route != NULL  ? request->route->pattern
                        : request->file != NULL ? "page"
                                                : "none";
    int status = request->streaming ? 200 : request->reply.status;
    /* The note of an inner failure names tables and files, no person; others may quote what was
     * typed. */
    const char *note = status == 500 && request->ctx.note != NULL ? request->ctx.note : "";
    log_line(is_ours(status) ? "error" : "info",
             "request=%s method=%s route=%s status=%d fault=%d us=%lld in=%lld out=%zu note=\"%s\"",
             request->ctx.request_id, method_text(request), route, status, (int)request->fault,
             (long long)(clock_monotonic_us() - request->begun_us), (long long)request->bytes_in,
             request->reply.body_bytes, note);
}

void connection_completed(void *cls, struct MHD_Connection *connection, void **slot,
                          enum MHD_RequestTerminationCode code)
{
    struct http_server *server = cls;
    struct http_request *request = *slot;
    (void)connection;
    (void)code;
    if (request == NULL) {
        return;
    }
    *slot = NULL;
    multipart_discard(request);
    int status = request->reply.status;
    server->requests++;
    server->faults_4xx += status >= 400 && !is_ours(status) ? 1 : 0;
    server->faults_5xx += is_ours(status) ? 1 : 0;
    if (!server->options.quiet || is_ours(status)) {
        log_request(request);
    }
    if (request->socket != NULL) {
        deadline_set(request, server->options.header_timeout_ms + 30000);
    }
    arena_destroy(request->arena);
    server->live--;
}

void connection_notify(void *cls, struct MHD_Connection *connection, void **slot,
                       enum MHD_ConnectionNotificationCode code)
{
    struct http_server *server = cls;
    struct socket_state *state = *slot;
    (void)pthread_mutex_lock(&server->mutex);
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        state = calloc(1, sizeof *state);
        if (state == NULL) {
            abort();
        }
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        state->fd = info == NULL ? -1 : info->connect_fd;
        state->deadline_us =
            clock_monotonic_us() + (int64_t)server->options.header_timeout_ms * 1000;
        state->next = server->sockets;
        if (state->next != NULL) {
            state->next->before = state;
        }
        server->sockets = state;
        server->connections++;
        *slot = state;
    } else if (state != NULL) {
        if (state->before == NULL) {
            server->sockets = state->next;
        } else {
            state->before->next = state->next;
        }
        if (state->next != NULL) {
            state->next->before = state->before;
        }
        server->connections--;
        free(state);
        *slot = NULL;
    }
    (void)pthread_mutex_unlock(&server->mutex);
}

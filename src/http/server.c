/* Starting and stopping, and the reaper of slow connections. */
#include "base/clock.h"
#include "base/limit.h"
#include "http/inner.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { REAP_MS = 250, HEARTBEAT_MS = 20000 };

void deadline_set(struct http_request *request, int64_t after_ms)
{
    struct socket_state *socket = request->socket;
    int64_t old_us = socket == NULL ? DEADLINE_PASSED : atomic_load(&socket->deadline_us);
    int64_t new_us = clock_monotonic_us() + after_ms * 1000;
    /* Once passed it stays passed: the reaper has written on the socket. */
    while (old_us != DEADLINE_PASSED &&
           !atomic_compare_exchange_weak(&socket->deadline_us, &old_us, new_us)) {
    }
}

bool deadline_clear(struct http_request *request)
{
    struct socket_state *socket = request->socket;
    int64_t old_us = socket == NULL ? DEADLINE_NONE : atomic_load(&socket->deadline_us);
    while (socket != NULL && old_us != DEADLINE_PASSED &&
           !atomic_compare_exchange_weak(&socket->deadline_us, &old_us, DEADLINE_NONE)) {
    }
    if (socket != NULL) {
        socket->in_body = false;
    }
    return old_us != DEADLINE_PASSED;
}

static void sleep_ms(long ms)
{
    struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    (void)nanosleep(&pause, NULL);
}

/* The answer to a body that came too slowly. Written past the library, which can only be called in
 * the connection's own thread; nobody else writes before the request is complete. */
static void say_timeout(int fd)
{
    static const char problem[] =
        "{\"type\":\"/problems/1015\",\"title\":\"请求未在规定时间内到达。 The request did not "
        "arrive in time.\",\"status\":408,\"code\":1015,\"name\":\"TIMEOUT\",\"detail\":null,"
        "\"fields\":[],\"request\":\"-\"}";
    char text[1024];
    int bytes = snprintf(text, sizeof text,
                         "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nCache-Control: "
                         "no-store\r\nContent-Type: application/problem+json; charset=utf-8\r\n"
                         "X-Content-Type-Options: nosniff\r\nContent-Length: %zu\r\n\r\n%s",
                         sizeof problem - 1, problem);
    (void)send(fd, text, (size_t)bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void reap(struct http_server *server)
{
    int64_t now_us = clock_monotonic_us();
    (void)pthread_mutex_lock(&server->mutex);
    for (struct socket_state *state = server->sockets; state != NULL; state = state->next) {
        int64_t deadline_us = state->deadline_us;
        /* Whoever changes the deadline first wins: this thread, or the request that is complete. */
        if (deadline_us > 0 && now_us > deadline_us &&
            atomic_compare_exchange_strong(&state->deadline_us, &deadline_us, DEADLINE_PASSED)) {
            if (state->in_body) {
                say_timeout(state->fd);
            }
            (void)shutdown(state->fd, SHUT_RDWR);
        }
    }
    (void)pthread_mutex_unlock(&server->mutex);
}

/* The library's timeout is one of inactivity: a byte a second would hold a connection for ever. */
static void *run_reaper(void *arg)
{
    struct http_server *server = arg;
    int64_t waited_ms = 0;
    while (!server->stopping) {
        sleep_ms(REAP_MS);
        reap(server);
        waited_ms += REAP_MS;
        if (waited_ms >= HEARTBEAT_MS) {
            waited_ms = 0;
            stream_heartbeat(server);
        }
    }
    return NULL;
}

/* Paths and query values are decoded by us, strictly. */
static size_t keep_escapes(void *cls, struct MHD_Connection *connection, char *text)
{
    (void)cls;
    (void)connection;
    return strlen(text);
}

static void ignore_log(void *cls, const char *format, va_list args)
{
    (void)cls;
    (void)format;
    (void)args;
}

static void set_defaults(struct http_options *options)
{
    options->threads = options->threads == 0 ? 4 : options->threads;
    options->connections_max = options->connections_max == 0 ? 4000 : options->connections_max;
    options->header_timeout_ms =
        options->header_timeout_ms == 0 ? 10000 : options->header_timeout_ms;
    options->body_timeout_ms = options->body_timeout_ms == 0 ? 20000 : options->body_timeout_ms;
    options->upload_stall_ms = options->upload_stall_ms == 0 ? 30000 : options->upload_stall_ms;
    options->upload_bytes_max =
        options->upload_bytes_max == 0 ? LIMIT_UPLOAD_BYTES : options->upload_bytes_max;
}

static struct MHD_Daemon *start_daemon(struct http_server *server, struct sockaddr *address,
                                       unsigned flags)
{
    const struct http_options *o = &server->options;
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG | flags, 0,
        NULL, NULL, connection_handle, server, MHD_OPTION_EXTERNAL_LOGGER, ignore_log, NULL,
        MHD_OPTION_SOCK_ADDR, address, MHD_OPTION_THREAD_POOL_SIZE, o->threads,
        MHD_OPTION_CONNECTION_LIMIT, o->connections_max, MHD_OPTION_CONNECTION_TIMEOUT, 30u,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)32768, MHD_OPTION_LISTEN_BACKLOG_SIZE, 1024u,
        /* Not strict: the library would answer a missing Host itself, twice. The guard does it. */
        MHD_OPTION_STRICT_FOR_CLIENT, 0, MHD_OPTION_NOTIFY_CONNECTION, connection_notify, server,
        MHD_OPTION_NOTIFY_COMPLETED, connection_completed, server, MHD_OPTION_UNESCAPE_CALLBACK,
        keep_escapes, NULL, MHD_OPTION_END);
}

static struct MHD_Daemon *listen_on(struct http_server *server)
{
    const struct http_options *o = &server->options;
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(o->port)};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(o->port)};
    if (inet_pton(AF_INET, o->address, &four.sin_addr) == 1) {
        return start_daemon(server, (struct sockaddr *)&four, 0);
    }
    return inet_pton(AF_INET6, o->address, &six.sin6_addr) == 1
               ? start_daemon(server, (struct sockaddr *)&six, MHD_USE_IPv6)
               : NULL;
}

static void free_server(struct http_server *server)
{
    (void)pthread_mutex_destroy(&server->mutex);
    arena_destroy(server->arena);
    free(server);
}

enum fault http_start(struct ctx *ctx, const struct http_options *options,
                      struct http_server **ret_server)
{
    struct http_server *server = calloc(1, sizeof *server);
    if (server == NULL) {
        abort();
    }
    server->options = *options;
    server->listen_fd = -1;
    server->arena = arena_create();
    set_defaults(&server->options);
    (void)pthread_mutex_init(&server->mutex, NULL);
    enum fault fault = static_load(ctx, server);
    if (fault == FAULT_NONE) {
        *ret_server = server; /* Handlers may run before this function returns. */
        server->daemon = listen_on(server);
        if (server->daemon == NULL) {
            fault = ctx_fail(ctx, FAULT_IO_FAILED, "Can not listen on %s port %u.",
                             "无法监听%s端口%u。", options->address, (unsigned)options->port);
        }
    }
    if (fault != FAULT_NONE) {
        *ret_server = NULL;
        free_server(server);
        return fault;
    }
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    server->port = info == NULL ? options->port : info->port;
    int failed = pthread_create(&server->reaper, NULL, run_reaper, server);
    assert(failed == 0);
    return FAULT_NONE;
}

void http_quiesce(struct http_server *server)
{
    server->listen_fd = MHD_quiesce_daemon(server->daemon);
}

void http_stop(struct http_server *server)
{
    (void)pthread_mutex_lock(&server->mutex);
    server->stopping = true;
    (void)pthread_mutex_unlock(&server->mutex);
    (void)pthread_join(server->reaper, NULL);
    stream_end_all(server);
    for (int waited = 0; server->live > 0 && waited < 2000; waited += 10) {
        sleep_ms(10);
    }
    MHD_stop_daemon(server->daemon);
    if (server->listen_fd >= 0) {
        (void)close(server->listen_fd);
    }
    free_server(server);
}

uint16_t http_port(const struct http_server *server)
{
    return server->port;
}

bool http_has_streams(struct http_server *server)
{
    return server->streams_count > 0;
}

void http_figures(struct http_server *server, struct http_figures *ret_figures)
{
    *ret_figures = (struct http_figures){.requests = server->requests,
                                         .faults_4xx = server->faults_4xx,
                                         .faults_5xx = server->faults_5xx,
                                         .bytes_in = server->bytes_in,
                                         .bytes_out = server->bytes_out,
                                         .connections = server->connections,
                                         .suspended = server->suspended,
                                         .streams = server->streams_count};
}

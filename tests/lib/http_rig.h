#pragma once
/* A real server on a loopback port with three routes that tell what they got, and a client that
 * sends bytes as they are. */
#include "base/json_writer.h"
#include "http/http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static char rig_folder[64];
static struct http_server *rig_server;

static enum fault rig_say(struct ctx *ctx, struct http_request *request, struct http_reply *reply)
{
    struct buffer text;
    struct json_writer json;
    size_t count = 0;
    (void)http_body(request, &count);
    buffer_init(&text, ctx->arena);
    json_writer_init(&json, &text);
    json_open(&json);
    json_put_text(&json, "a", http_path_value(request, "a"));
    json_put_text(&json, "b", http_path_value(request, "b"));
    json_put_text(&json, "q", http_query(request, "q"));
    json_put_text(&json, "note", http_form(request, "note"));
    json_put_int(&json, "body", (int64_t)count);
    json_key(&json, "files");
    json_list(&json);
    for (const struct http_upload *u = http_uploads(request); u != NULL; u = u->next) {
        json_open(&json);
        json_put_text(&json, "name", u->name);
        json_put_text(&json, "type", u->media_type);
        json_put_int(&json, "bytes", u->bytes);
        json_put_bool(&json, "there", access(u->path, R_OK) == 0);
        json_close(&json);
    }
    json_end(&json);
    json_close(&json);
    http_reply_buffer(reply, 200, &text);
    return FAULT_NONE;
}

static const struct http_route rig_routes[] = {
    {HTTP_POST, "/up", 0, HTTP_UPLOAD, rig_say},
    {HTTP_POST, "/json", 0, HTTP_JSON, rig_say},
    {HTTP_GET, "/get/{a}/{b}", 0, HTTP_NO_BODY, rig_say},
};

/* False if it could not be started. The uploads' folder lies below $TMPDIR. */
static inline bool rig_start(int64_t upload_bytes_max)
{
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    ctx_init(&ctx, arena, 0);
    /* The digest library cleans up at exit: it must have begun before who stops the server then. */
    struct digest digest;
    digest_of("", 0, &digest);
    const char *base = getenv("TMPDIR");
    (void)snprintf(rig_folder, sizeof rig_folder, "%s/liandong-rig-XXXXXX",
                   base == NULL || strlen(base) > 30 ? "/tmp" : base);
    const struct http_options options = {.address = "127.0.0.1",
                                         .threads = 1,
                                         .upload_bytes_max = upload_bytes_max,
                                         .upload_dir = mkdtemp(rig_folder),
                                         .routes = rig_routes,
                                         .routes_count = sizeof rig_routes / sizeof rig_routes[0],
                                         .quiet = true};
    return options.upload_dir != NULL && http_start(&ctx, &options, &rig_server) == FAULT_NONE;
}

static inline void rig_stop(void)
{
    http_quiesce(rig_server);
    http_stop(rig_server);
    (void)rmdir(rig_folder);
}

/* Each from another of the loopback's addresses: one has only as many ports as a minute's closed
 * connections can use up. */
static inline int rig_connect(void)
{
    static uint32_t number;
    const int yes = 1;
    const struct sockaddr_in from = {.sin_family = AF_INET,
                                     .sin_addr = {htonl(INADDR_LOOPBACK + 1 + ++number % 250)}};
    const struct sockaddr_in to = {.sin_family = AF_INET,
                                   .sin_port = htons(http_port(rig_server)),
                                   .sin_addr = {htonl(INADDR_LOOPBACK)}};
    const void *here = &from;
    const void *there = &to;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && (setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes) != 0 ||
                    bind(fd, here, sizeof from) != 0 || connect(fd, there, sizeof to) != 0)) {
        perror("rig_connect");
        (void)close(fd);
        return -1;
    }
    return fd;
}

/* Sends, and reads to the connection's end. How many bytes came; -1 if it did not end: the server
 * was silent for `patience_ms`. */
static inline ssize_t rig_talk(const void *bytes, size_t count, int patience_ms, char *ret_answer,
                               size_t max)
{
    int fd = rig_connect();
    if (fd < 0) {
        return -1;
    }
    for (size_t done = 0; done < count;) {
        ssize_t put = send(fd, (const char *)bytes + done, count - done, MSG_NOSIGNAL);
        if (put <= 0) {
            break; /* It has answered and closed already. */
        }
        done += (size_t)put;
    }
    (void)shutdown(fd, SHUT_WR);
    size_t got = 0;
    for (;;) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        if (got == max || poll(&ready, 1, patience_ms) != 1) {
            (void)close(fd);
            return got == max ? (ssize_t)got : -1;
        }
        ssize_t more = recv(fd, ret_answer + got, max - got, 0);
        if (more < 0) {
            perror("rig_talk: recv");
        }
        if (more <= 0) {
            (void)close(fd);
            return (ssize_t)got;
        }
        got += (size_t)more;
    }
}

static inline ssize_t rig_exchange(const void *bytes, size_t count, char *ret_answer, size_t max)
{
    return rig_talk(bytes, count, 10000, ret_answer, max);
}

/* A POST of a form to /up; the boundary is "bb". */
static inline ssize_t rig_upload(const void *body, size_t count, char *ret_answer, size_t max)
{
    char head[200];
    int length =
        snprintf(head, sizeof head,
                 "POST /up HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAccept-Language: en\r\n"
                 "Content-Type: multipart/form-data; boundary=bb\r\n"
                 "Content-Length: %zu\r\n\r\n",
                 count);
    char *whole = malloc((size_t)length + count);
    if (whole == NULL) {
        return -1;
    }
    memcpy(whole, head, (size_t)length);
    if (count > 0) {
        memcpy(whole + length, body, count);
    }
    ssize_t got = rig_exchange(whole, (size_t)length + count, ret_answer, max);
    free(whole);
    return got;
}

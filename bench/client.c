#include "client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int64_t monotonic_us(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int client_connect(uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1;
    if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        perror("bench: connect");
        exit(1);
    }
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

static bool content_length(const char *head, size_t bytes, size_t *ret_length)
{
    static const char name[] = "content-length:";
    const char *end = head + bytes;
    for (const char *line = head; line < end;) {
        if (strncasecmp(line, name, strlen(name)) == 0) {
            *ret_length = strtoul(line + strlen(name), NULL, 10);
            return true;
        }
        const char *next = memchr(line, '\n', (size_t)(end - line));
        line = next == NULL ? end : next + 1;
    }
    return false;
}

bool client_reply(const char *buffer, size_t bytes, struct reply *ret_reply)
{
    const char *end = bytes == 0 ? NULL : memmem(buffer, bytes, "\r\n\r\n", 4);
    if (end == NULL) {
        return false;
    }
    size_t length = 0;
    ret_reply->status = (int)strtol(buffer + strlen("HTTP/1.1 "), NULL, 10);
    ret_reply->head_bytes = (size_t)(end - buffer) + 4;
    if (!content_length(buffer, ret_reply->head_bytes, &length) && ret_reply->status != 204) {
        (void)fprintf(stderr, "bench: a reply without Content-Length\n");
        exit(1);
    }
    ret_reply->whole_bytes = ret_reply->head_bytes + length;
    return bytes >= ret_reply->whole_bytes;
}

bool client_field(const char *body, const char *name, char *ret_value, size_t size)
{
    char key[64];
    (void)snprintf(key, sizeof key, "\"%s\":", name);
    const char *value = strstr(body, key);
    if (value == NULL) {
        return false;
    }
    value += strlen(key);
    value += *value == '"' ? 1 : 0;
    size_t length = strcspn(value, "\",}");
    if (length >= size) {
        return false;
    }
    memcpy(ret_value, value, length);
    ret_value[length] = 0;
    return true;
}

static void exchange(int fd, const char *request, char *buffer, size_t size,
                     struct reply *ret_reply)
{
    size_t length = strlen(request);
    size_t got = 0;
    bool sent = write(fd, request, length) == (ssize_t)length;
    while (sent && got < size - 1) {
        ssize_t more = read(fd, buffer + got, size - 1 - got);
        if (more <= 0) {
            break;
        }
        got += (size_t)more;
        buffer[got] = 0;
        if (client_reply(buffer, got, ret_reply)) {
            return;
        }
    }
    (void)fprintf(stderr, "bench: the server did not answer\n");
    exit(1);
}

void client_sign_in(uint16_t port, const char *login, const char *password,
                    struct session *ret_session)
{
    char body[256];
    char request[512];
    char buffer[8192];
    struct reply reply;
    int length =
        snprintf(body, sizeof body, "{\"login\":\"%s\",\"password\":\"%s\"}", login, password);
    (void)snprintf(request, sizeof request,
                   "POST /api/v1/session HTTP/1.1\r\nHost: bench\r\n"
                   "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
                   length, body);
    int fd = client_connect(port);
    exchange(fd, request, buffer, sizeof buffer, &reply);
    (void)close(fd);
    const char *cookie = strstr(buffer, "session=");
    bool given = reply.status == 200 && cookie != NULL &&
                 client_field(buffer + reply.head_bytes, "csrf", ret_session->csrf,
                              sizeof ret_session->csrf);
    if (!given) {
        (void)fprintf(stderr, "bench: sign-in as %s: status %d\n", login, reply.status);
        exit(1);
    }
    (void)snprintf(ret_session->cookie, sizeof ret_session->cookie, "%.*s",
                   (int)strcspn(cookie, ";"), cookie);
}

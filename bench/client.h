#pragma once
/* The least of an HTTP/1.1 client: sign in, and read what came back. One thread. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct session {
    char cookie[80];
    char csrf[80];
};

/* Where a reply in a buffer ends. */
struct reply {
    int status;
    size_t head_bytes;
    size_t whole_bytes;
};

int64_t monotonic_us(void);
/* A connected TCP socket to 127.0.0.1; ends the program if there is none. */
int client_connect(uint16_t port);
/* True once the buffer holds a whole reply. Replies must carry Content-Length, as the server's do.
 */
bool client_reply(const char *buffer, size_t bytes, struct reply *ret_reply);
/* The text of a string or number field of a JSON reply; the first of that name. */
bool client_field(const char *body, const char *name, char *ret_value, size_t size);
/* Signs in on a connection of its own; ends the program if it is refused. */
void client_sign_in(uint16_t port, const char *login, const char *password,
                    struct session *ret_session);

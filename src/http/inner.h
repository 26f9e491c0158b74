#pragma once
/* Private to http: what a request and the server are made of. */
#include "base/text.h"
#include "http/http.h"

#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>

enum { PATH_VALUES = 6, FORM_BYTES = 64 * 1024, FORM_FIELDS = 32, ETAG_TEXT = 20 };
/* RFC 2046: a boundary has at most 70 characters; the form's end adds dashes and line ends. */
enum { BOUNDARY_MAX = 70, FORM_TAIL = BOUNDARY_MAX + 8 };

/* What socket_state.deadline_us holds when no deadline runs. */
enum { DEADLINE_NONE = 0, DEADLINE_PASSED = -1 };

/* A connection, from accept to close. The reaper shuts it down when its deadline has passed. */
struct socket_state {
    struct socket_state *next, *before;
    int fd;
    _Atomic int64_t deadline_us;
    _Atomic bool in_body; /* The header is there: a deadline that passes is answered with 408. */
};

struct path_value {
    const char *name;
    const char *value;
};

enum phase {
    PHASE_BODY,      /* The body arrives. */
    PHASE_HANDLED,   /* The handler has run; the reply is queued. */
    PHASE_SUSPENDED, /* Waits for http_resume. */
    PHASE_RESUMED,   /* http_resume was called. */
};

/* A file being uploaded. */
struct incoming {
    struct http_upload upload;
    const char *given_name; /* As the client wrote it. */
    struct digest_stream *stream;
    int fd;
    unsigned char head[16]; /* First bytes, to see what it is. */
    size_t head_bytes;
    bool text; /* All bytes so far look like UTF-8 text. */
};

struct form_field {
    const char *name;
    struct buffer value;
    struct form_field *next;
};

struct http_request {
    struct http_server *server;
    struct MHD_Connection *connection;
    struct socket_state *socket;
    struct arena *arena;
    struct ctx ctx;
    enum http_method method;
    bool head;
    const struct http_route *route;
    struct path_value values[PATH_VALUES];
    size_t values_count;
    _Atomic enum phase phase;
    enum fault fault; /* What ended the request early, or what http_resume brought. */
    struct http_reply reply;
    struct buffer body;
    struct MHD_PostProcessor *multipart;
    const char *boundary;
    char form_tail[FORM_TAIL]; /* The last bytes of the form so far. */
    size_t form_tail_bytes;
    struct http_upload *uploads, *uploads_last;
    struct incoming *incoming;
    struct form_field *fields;
    size_t form_bytes;
    unsigned fields_count;
    unsigned files_count;
    int64_t progress_bytes; /* Since the upload's deadline was last moved. */
    http_handler *finish;
    void *finish_arg;
    bool streaming;
    uint64_t topic, owner; /* Of its stream. */
    int64_t begun_us;
    int64_t bytes_in;
    const char *allow; /* Of a 405 that is answered after the body. */
    const struct static_file *file;
};

/* One built page or asset, held in memory: names are fixed at start, so no path reaches the disk.
 */
struct static_file {
    const char *path; /* "/assets/app-1a2b.js" */
    const char *media_type;
    bool immutable;
    char etag[ETAG_TEXT];
    const void *plain, *gzip, *brotli;
    size_t plain_bytes, gzip_bytes, brotli_bytes;
};

struct stream;

struct http_server {
    struct http_options options;
    struct MHD_Daemon *daemon;
    int listen_fd; /* After quiesce: ours to close. */
    uint16_t port;
    struct arena *arena; /* Of static files. */
    struct static_file *files;
    size_t files_count;
    pthread_mutex_t mutex; /* Sockets and streams. */
    struct socket_state *sockets;
    struct stream *streams;
    pthread_t reaper;
    _Atomic bool stopping;
    _Atomic unsigned live; /* Requests between first byte and end. */
    _Atomic unsigned suspended, streams_count, connections;
    _Atomic uint64_t requests, faults_4xx, faults_5xx, bytes_in, bytes_out;
};

/* connection.c: libmicrohttpd's callbacks. */
enum MHD_Result connection_handle(void *cls, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *data_bytes, void **slot);
void connection_completed(void *cls, struct MHD_Connection *connection, void **slot,
                          enum MHD_RequestTerminationCode code);
void connection_notify(void *cls, struct MHD_Connection *connection, void **slot,
                       enum MHD_ConnectionNotificationCode code);

/* guard.c: refuses what could be read in two ways. */
enum fault guard_check(struct http_request *request, const char *path, const char *method,
                       const char *version) MUST_CHECK;
/* route.c */
enum fault route_find(struct http_request *request, const char *path,
                      const char **ret_allow) MUST_CHECK;
/* Does If-None-Match (a list, weak or not, or *) name this ETag? */
bool etag_matches(const struct http_request *request, const char *etag);
/* Decodes %XX strictly: well-formed, no zero byte, valid UTF-8. NULL if not. */
char *percent_decode(struct arena *arena, const char *text, size_t bytes);
/* multipart.c */
enum fault multipart_begin(struct http_request *request) MUST_CHECK;
enum fault multipart_add(struct http_request *request, const char *data, size_t bytes) MUST_CHECK;
enum fault multipart_end(struct http_request *request) MUST_CHECK;
void multipart_discard(struct http_request *request);
/* The name a person may see and save a file under; NULL if there is none in it. */
const char *file_name_clean(struct arena *arena, const char *name);
const char *media_type_sniff(const unsigned char *head, size_t bytes, bool text);
/* send.c */
enum MHD_Result send_reply(struct http_request *request);
void reply_problem(struct http_request *request, enum fault fault, const char *allow);
/* static.c */
enum fault static_load(struct ctx *ctx, struct http_server *server) MUST_CHECK;
const struct static_file *static_find(const struct http_server *server, const char *path);
enum MHD_Result static_send(struct http_request *request, const struct static_file *file);
/* stream.c */
enum MHD_Result stream_begin(struct http_request *request);
void stream_end_all(struct http_server *server);
void stream_heartbeat(struct http_server *server);
/* server.c */
void deadline_set(struct http_request *request, int64_t after_ms);
/* False if it had passed: then the reaper has closed the connection, and nobody hears an answer. */
bool deadline_clear(struct http_request *request);
void add_security_headers(struct MHD_Response *response);

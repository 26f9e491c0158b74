/*
 * bench_load: many clients on keep-alive connections, each sending its next request when it has the
 * answer to the one before. One thread and epoll, so that it takes little of the machine it
 * measures.
 *
 *   bench_load --port N --clients N --seconds S --mode start|page|act|get [--paths FILE] [--login
 * NAME]
 *              [--server PROCESS] [--rate N]
 *
 *   start  POST /matters, each with its own Idempotency-Key, and little back (Prefer)
 *   page   the same as the web page does it: the whole matter comes back
 *   act    each client starts one matter, then revises it again and again with If-Match
 *   get    GET the paths of the file, one after the other
 *
 * With --rate the clients together ask so often a second, each at its own times; a time then counts
 * from when the request was due, so that a late answer is not hidden by asking later.
 *
 * Prints one line: rate, number of answers and of wrong ones, median, 99th percentile and largest
 * time in microseconds, processor time of the server process for each answer. The first half second
 * doesn't count.
 */
#include "client.h"
#include "work.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CLIENTS_MAX = 1024, OUT_BYTES = 8192, IN_BYTES = 256 * 1024, WARM_UP_US = 500000 };
enum mode { MODE_START, MODE_PAGE, MODE_ACT, MODE_GET };

struct client {
    int fd;
    const struct session *session;
    char out[OUT_BYTES];
    char *in;
    size_t in_count;
    int64_t sent_us;
    int64_t due_us;  /* With --rate: when it asks next. */
    bool waiting;    /* For that time. */
    char matter[32]; /* MODE_ACT: what it acts on, and the version it last read. */
    char version[24];
    unsigned long turn;
};

struct load {
    uint16_t port;
    unsigned clients_count;
    double seconds;
    double every_us; /* Between two requests of one client; 0: no pause. */
    enum mode mode;
    const char *login;
    char **paths;
    size_t paths_count, next_path;
    struct session sessions[WORK_LOGINS];
    struct client clients[CLIENTS_MAX];
    int epoll;
    int64_t begun_us, counted_from_us, ends_us;
    unsigned *times_us;
    size_t times_count, times_capacity;
    unsigned long wrong;
    unsigned server; /* Process of the server; 0: its processor time isn't asked. */
    double cpu_us;   /* What it took for the counted answers. */
};

/* ---- Requests ---- */

static size_t put_facts(char *text, size_t size, unsigned long turn)
{
    size_t used = 0;
    for (size_t i = 0; i < WORK_FACTS; i++) {
        /* The subject differs from turn to turn: revising it writes rows. */
        used += (size_t)snprintf(text + used, size - used, "%s\"%s\":\"%s", i == 0 ? "" : ",",
                                 work_facts[i].code, work_facts[i].value);
        used += i == 0 ? (size_t)snprintf(text + used, size - used, "%06lu\"", turn % 1000000)
                       : (size_t)snprintf(text + used, size - used, "\"");
    }
    return used;
}

static void make_post(const struct load *load, struct client *client)
{
    char facts[4096];
    char body[4600];
    char path[128];
    char match[64] = "";
    bool revise = client->matter[0] != 0;
    (void)put_facts(facts, sizeof facts, client->turn);
    int length = 0;
    if (revise) {
        length = snprintf(body, sizeof body, "{\"facts\":{%s}}", facts);
        (void)snprintf(path, sizeof path, "/api/v1/matters/%s/actions/" WORK_REVISE,
                       client->matter);
        (void)snprintf(match, sizeof match, "If-Match: \"%s\"\r\n", client->version);
    } else {
        length = snprintf(body, sizeof body,
                          "{\"procedure\":\"" WORK_PROCEDURE "\",\"action\":\"" WORK_ACTION
                          "\",\"facts\":{%s}}",
                          facts);
        (void)snprintf(path, sizeof path, "/api/v1/matters");
    }
    (void)snprintf(client->out, sizeof client->out,
                   "POST %s HTTP/1.1\r\nHost: bench\r\nCookie: %s\r\nX-CSRF-Token: %s\r\n%s%s"
                   "Idempotency-Key: %012lx-%04x-%08lu\r\nContent-Type: application/json\r\n"
                   "Content-Length: %d\r\n\r\n%s",
                   path, client->session->cookie, client->session->csrf, match,
                   load->mode == MODE_START ? "Prefer: return=minimal\r\n" : "",
                   (unsigned long)load->begun_us, (unsigned)(client - load->clients), client->turn,
                   length, body);
}

static void make_request(struct load *load, struct client *client)
{
    client->turn++;
    if (load->mode != MODE_GET) {
        make_post(load, client);
        return;
    }
    const char *path = load->paths[load->next_path++ % load->paths_count];
    (void)snprintf(client->out, sizeof client->out,
                   "GET %s HTTP/1.1\r\nHost: bench\r\nCookie: %s\r\n\r\n", path,
                   client->session->cookie);
}

static void send_next(struct load *load, struct client *client)
{
    make_request(load, client);
    size_t length = strlen(client->out);
    client->in_count = 0;
    client->sent_us = load->every_us > 0 ? client->due_us : monotonic_us();
    /* A request is far smaller than a socket's buffer, and the one before has been answered. */
    if (send(client->fd, client->out, length, MSG_NOSIGNAL) != (ssize_t)length) {
        perror("bench: send");
        exit(1);
    }
}

/* ---- Answers ---- */

static void count_time(struct load *load, int64_t now_us, int64_t us)
{
    if (now_us < load->counted_from_us) {
        return;
    }
    if (load->times_count == load->times_capacity) {
        load->times_capacity = load->times_capacity == 0 ? 1 << 16 : load->times_capacity * 2;
        load->times_us = realloc(load->times_us, load->times_capacity * sizeof *load->times_us);
        if (load->times_us == NULL) {
            abort();
        }
    }
    load->times_us[load->times_count++] = (unsigned)us;
}

static void take_answer(struct load *load, struct client *client, const struct reply *reply)
{
    int64_t now_us = monotonic_us();
    bool first = load->mode == MODE_ACT && client->matter[0] == 0;
    int right = load->mode == MODE_GET || (load->mode == MODE_ACT && !first) ? 200 : 201;
    const char *body = client->in + reply->head_bytes;
    if (reply->status != right) {
        if (load->wrong++ == 0) {
            (void)fprintf(stderr, "bench: %.*s\n", (int)reply->whole_bytes, client->in);
        }
        return;
    }
    if (load->mode == MODE_ACT) {
        bool known = !first || client_field(body, "id", client->matter, sizeof client->matter);
        if (!known || !client_field(body, "version", client->version, sizeof client->version)) {
            load->wrong++;
        }
    }
    count_time(load, now_us, now_us - client->sent_us);
}

static void receive(struct load *load, struct client *client)
{
    ssize_t got =
        recv(client->fd, client->in + client->in_count, IN_BYTES - 1 - client->in_count, 0);
    if (got <= 0) {
        (void)fprintf(stderr, "bench: the server closed a connection\n");
        exit(1);
    }
    client->in_count += (size_t)got;
    client->in[client->in_count] = 0;
    struct reply reply;
    if (client_reply(client->in, client->in_count, &reply)) {
        take_answer(load, client, &reply);
        client->due_us += (int64_t)load->every_us;
        client->waiting = load->every_us > 0;
        if (!client->waiting) {
            send_next(load, client);
        }
    }
}

/* Sends what is due by now. */
static void send_due(struct load *load)
{
    int64_t now_us = monotonic_us();
    for (unsigned i = 0; i < load->clients_count && load->every_us > 0; i++) {
        struct client *client = &load->clients[i];
        if (client->waiting && client->due_us <= now_us) {
            client->waiting = false;
            send_next(load, client);
        }
    }
}

/* ---- The run ---- */

/* All threads of the server so far; 0 if it can not be read. Steadier than the clock on a busy
 * machine. */
static double server_cpu_us(unsigned server)
{
    char name[64];
    (void)snprintf(name, sizeof name, "/proc/%u/stat", server);
    FILE *file = fopen(name, "r");
    char line[1024] = "";
    if (file == NULL) {
        return 0;
    }
    const char *rest = fgets(line, sizeof line, file) == NULL ? NULL : strrchr(line, ')');
    (void)fclose(file);
    unsigned long user = 0;
    unsigned long kernel = 0;
    if (rest != NULL) {
        (void)sscanf(rest + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
                     &kernel);
    }
    return (double)(user + kernel) * 1e6 / (double)sysconf(_SC_CLK_TCK);
}

static void connect_all(struct load *load)
{
    load->epoll = epoll_create1(EPOLL_CLOEXEC);
    for (unsigned i = 0; i < load->clients_count; i++) {
        struct client *client = &load->clients[i];
        client->fd = client_connect(load->port);
        client->session = &load->sessions[load->login != NULL ? 0 : i % WORK_LOGINS];
        client->in = malloc(IN_BYTES);
        if (client->in == NULL) {
            abort();
        }
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
        (void)epoll_ctl(load->epoll, EPOLL_CTL_ADD, client->fd, &event);
    }
}

static void run(struct load *load)
{
    load->begun_us = monotonic_us();
    load->counted_from_us = load->begun_us + WARM_UP_US;
    load->ends_us = load->counted_from_us + (int64_t)(load->seconds * 1e6);
    for (unsigned i = 0; i < load->clients_count; i++) {
        struct client *client = &load->clients[i];
        client->due_us =
            load->begun_us + (int64_t)(load->every_us * i / (double)load->clients_count);
        client->waiting = load->every_us > 0;
        if (!client->waiting) {
            send_next(load, client);
        }
    }
    double cpu_us = 0;
    while (monotonic_us() < load->ends_us) {
        if (cpu_us == 0 && load->server != 0 && monotonic_us() >= load->counted_from_us) {
            cpu_us = server_cpu_us(load->server);
        }
        send_due(load);
        struct epoll_event events[128];
        int count = epoll_wait(load->epoll, events, 128, load->every_us > 0 ? 1 : 100);
        for (int i = 0; i < count; i++) {
            receive(load, events[i].data.ptr);
        }
    }
    load->cpu_us = cpu_us == 0 ? 0 : server_cpu_us(load->server) - cpu_us;
}

static int compare(const void *a, const void *b)
{
    unsigned left = *(const unsigned *)a;
    unsigned right = *(const unsigned *)b;
    return left < right ? -1 : left > right;
}

static int report(struct load *load)
{
    size_t count = load->times_count;
    if (count == 0) {
        (void)fprintf(stderr, "bench: not one right answer\n");
        return 1;
    }
    qsort(load->times_us, count, sizeof *load->times_us, compare);
    double rate = (double)count / load->seconds;
    (void)printf("rate=%.0f answers=%zu wrong=%lu p50_us=%u p99_us=%u max_us=%u cpu_us=%.0f\n",
                 rate, count, load->wrong, load->times_us[count / 2],
                 load->times_us[count * 99 / 100], load->times_us[count - 1],
                 load->cpu_us / (double)count);
    return load->wrong == 0 ? 0 : 1;
}

/* ---- The command line ---- */

static void read_paths(struct load *load, const char *name)
{
    FILE *file = fopen(name, "r");
    char line[512];
    if (file == NULL) {
        perror(name);
        exit(1);
    }
    load->paths = calloc(1 << 17, sizeof *load->paths);
    while (load->paths != NULL && load->paths_count < 1 << 17 &&
           fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = 0;
        load->paths[load->paths_count++] = strdup(line);
    }
    (void)fclose(file);
}

static enum mode mode_of(const char *name)
{
    static const char *const names[] = {"start", "page", "act", "get"};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(name, names[i]) == 0) {
            return (enum mode)i;
        }
    }
    (void)fprintf(stderr, "bench: unknown mode '%s'\n", name);
    exit(2);
}

static void read_options(struct load *load, int argc, char **argv)
{
    static const struct option options[] = {
        {"port", 1, NULL, 'p'},   {"clients", 1, NULL, 'c'}, {"seconds", 1, NULL, 's'},
        {"mode", 1, NULL, 'm'},   {"paths", 1, NULL, 'f'},   {"login", 1, NULL, 'l'},
        {"server", 1, NULL, 'w'}, {"rate", 1, NULL, 'r'},    {NULL, 0, NULL, 0}};
    double rate = 0;
    for (int option = 0; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (option) {
        case 'p':
            load->port = (uint16_t)strtoul(optarg, NULL, 10);
            break;
        case 'c':
            load->clients_count = (unsigned)strtoul(optarg, NULL, 10);
            break;
        case 's':
            load->seconds = strtod(optarg, NULL);
            break;
        case 'm':
            load->mode = mode_of(optarg);
            break;
        case 'f':
            read_paths(load, optarg);
            break;
        case 'l':
            load->login = optarg;
            break;
        case 'w':
            load->server = (unsigned)strtoul(optarg, NULL, 10);
            break;
        case 'r':
            rate = strtod(optarg, NULL);
            break;
        default:
            exit(2);
        }
    }
    load->every_us = rate > 0 ? 1e6 * load->clients_count / rate : 0;
}

int main(int argc, char **argv)
{
    static struct load load = {.clients_count = 1, .seconds = 3};
    read_options(&load, argc, argv);
    bool pathless = load.mode == MODE_GET && load.paths_count == 0;
    if (load.port == 0 || load.clients_count > CLIENTS_MAX || pathless) {
        (void)fputs("bench_load: see the head of bench/load.c\n", stderr);
        return 2;
    }
    for (unsigned i = 0; i < (load.login != NULL ? 1 : WORK_LOGINS); i++) {
        const char *login = load.login != NULL ? load.login : work_logins[i];
        client_sign_in(load.port, login, WORK_PASSWORD, &load.sessions[i]);
    }
    connect_all(&load);
    run(&load);
    return report(&load);
}

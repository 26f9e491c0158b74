#include "document/worker.h"

#include "base/clock.h"
#include "document/frame.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* The child gets its end of the socket as 0, nothing to write to as 1, our standard error for what
 * a crash prints, and no other descriptor. */
static bool spawn_with(struct worker *worker, int child_end, char **arguments)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t signals;
    char *no_environment[] = {NULL};
    (void)posix_spawn_file_actions_init(&actions);
    (void)posix_spawnattr_init(&attributes);
    (void)posix_spawn_file_actions_adddup2(&actions, child_end, 0);
    (void)posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    (void)posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    (void)sigemptyset(&signals);
    (void)posix_spawnattr_setsigmask(&attributes, &signals);
    (void)sigfillset(&signals);
    (void)posix_spawnattr_setsigdefault(&attributes, &signals);
    /* A group of its own: Ctrl-C on the server's terminal is the server's business. */
    (void)posix_spawnattr_setpgroup(&attributes, 0);
    (void)posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                                    POSIX_SPAWN_SETPGROUP);
    int code =
        posix_spawn(&worker->pid, arguments[0], &actions, &attributes, arguments, no_environment);
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)posix_spawnattr_destroy(&attributes);
    return code == 0;
}

bool worker_spawn(struct worker *worker, const struct typesetters_options *options)
{
    SCOPED_ARENA arena = arena_create();
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        return false;
    }
    char *arguments[] = {arena_text(arena, options->program),
                         arena_text(arena, "--worker"),
                         arena_text(arena, "--memory"),
                         arena_printf(arena, "%u", options->memory_mb),
                         arena_text(arena, "--seconds"),
                         arena_printf(arena, "%u", options->timeout_ms / 1000 + 1),
                         arena_text(arena, "--fonts"),
                         arena_text(arena, options->fonts_dir == NULL ? "" : options->fonts_dir),
                         NULL};
    *worker = (struct worker){.socket = ends[0]};
    bool spawned = spawn_with(worker, ends[1], arguments);
    (void)close(ends[1]);
    if (!spawned) {
        (void)close(ends[0]);
        *worker = (struct worker){.socket = -1};
    }
    return spawned;
}

void worker_kill(struct worker *worker)
{
    if (worker->pid == 0) {
        return;
    }
    (void)close(worker->socket);
    (void)kill(worker->pid, SIGKILL);
    while (waitpid(worker->pid, NULL, 0) < 0 && errno == EINTR) {
    }
    *worker = (struct worker){.socket = -1};
}

/* Waits until the socket is ready for reading or writing. */
static enum worker_end wait_ready(const struct worker *worker, short events, int64_t until_us)
{
    for (;;) {
        int64_t left_us = until_us - clock_monotonic_us();
        struct pollfd entry = {.fd = worker->socket, .events = events};
        int ready = left_us <= 0 ? 0 : poll(&entry, 1, (int)(left_us / 1000 + 1));
        if (ready > 0) {
            return WORKER_ANSWERED;
        }
        if (ready == 0) {
            return WORKER_LATE;
        }
        if (errno != EINTR) {
            return WORKER_DIED;
        }
    }
}

static enum worker_end send_all(const struct worker *worker, const void *data, size_t count,
                                int64_t until_us)
{
    const char *bytes = data;
    for (size_t done = 0; done < count;) {
        enum worker_end end = wait_ready(worker, POLLOUT, until_us);
        if (end != WORKER_ANSWERED) {
            return end;
        }
        ssize_t sent =
            send(worker->socket, bytes + done, count - done, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno != EAGAIN && errno != EINTR) {
            return WORKER_DIED;
        }
        done += sent < 0 ? 0 : (size_t)sent;
    }
    return WORKER_ANSWERED;
}

static enum worker_end receive_all(const struct worker *worker, void *data, size_t count,
                                   int64_t until_us)
{
    char *bytes = data;
    for (size_t done = 0; done < count;) {
        enum worker_end end = wait_ready(worker, POLLIN, until_us);
        if (end != WORKER_ANSWERED) {
            return end;
        }
        ssize_t got = recv(worker->socket, bytes + done, count - done, MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
            return WORKER_DIED;
        }
        done += got < 0 ? 0 : (size_t)got;
    }
    return WORKER_ANSWERED;
}

/* The worker reads a font, and fonts come from anywhere: its answer is not believed blindly. */
static bool is_sound(const struct frame_answer *answer)
{
    return answer->magic == FRAME_MAGIC && answer->bytes <= FRAME_ANSWER_BYTES &&
           (answer->fault == FAULT_NONE || answer->fault == FAULT_INVALID_FIELD ||
            answer->fault == FAULT_IO_FAILED || answer->fault == FAULT_INTERNAL ||
            answer->fault == FAULT_TOO_LARGE) &&
           answer->fonts[sizeof answer->fonts - 1] == 0;
}

static enum worker_end receive_answer(const struct worker *worker, struct ctx *ctx,
                                      int64_t until_us, enum fault *ret_fault,
                                      struct typeset_result *ret_result)
{
    struct frame_answer answer;
    enum worker_end end = receive_all(worker, &answer, sizeof answer, until_us);
    if (end != WORKER_ANSWERED) {
        return end;
    }
    if (!is_sound(&answer)) {
        return WORKER_DIED;
    }
    char *bytes = arena_alloc(ctx->arena, (size_t)answer.bytes + 1);
    end = receive_all(worker, bytes, answer.bytes, until_us);
    if (end != WORKER_ANSWERED) {
        return end;
    }
    *ret_fault = (enum fault)answer.fault;
    if (answer.fault != FAULT_NONE) {
        ctx->note = bytes;
        return WORKER_ANSWERED;
    }
    *ret_result =
        (struct typeset_result){.bytes = bytes, .count = answer.bytes, .pages = answer.pages};
    memcpy(ret_result->fonts, answer.fonts, sizeof ret_result->fonts);
    return WORKER_ANSWERED;
}

enum worker_end worker_set(struct worker *worker, struct ctx *ctx, const char *content,
                           size_t count, enum typeset_format format, int64_t until_us,
                           enum fault *ret_fault, struct typeset_result *ret_result)
{
    const struct frame_question question = {.magic = FRAME_MAGIC,
                                            .format = (uint32_t)format,
                                            .lang = (uint32_t)ctx->lang,
                                            .bytes = (uint32_t)count};
    enum worker_end end = send_all(worker, &question, sizeof question, until_us);
    if (end == WORKER_ANSWERED) {
        end = send_all(worker, content, count, until_us);
    }
    if (end == WORKER_ANSWERED) {
        end = receive_answer(worker, ctx, until_us, ret_fault, ret_result);
    }
    worker->papers++;
    return end;
}

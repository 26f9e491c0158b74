#include "base/clock.h"
#include "people/people.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <sodium.h>
#include <string.h>

enum { AT_ONCE = 2, WAIT_MS = 2000 };

/* Counts the free places; made on first use. The one process-wide state of this layer: the memory
 * that Argon2id takes is a property of the machine. */
static sem_t places;
static pthread_once_t places_once = PTHREAD_ONCE_INIT;

static void make_places(void)
{
    (void)sem_init(&places, 0, AT_ONCE);
}

static enum fault take_place(struct ctx *ctx)
{
    (void)pthread_once(&places_once, make_places);
    struct timespec until = clock_wait_until(WAIT_MS);
    while (sem_timedwait(&places, &until) != 0) {
        if (errno != EINTR) {
            return ctx_fail(ctx, FAULT_BUSY, "Too many people are signing in; try again.",
                            "登录人数过多，请稍后再试。");
        }
    }
    return FAULT_NONE;
}

enum fault people_password_hash(struct ctx *ctx, const char *password, bool weak,
                                const char **ret_hash)
{
    enum fault fault = take_place(ctx);
    if (fault != FAULT_NONE) {
        return fault;
    }
    char *hash = arena_alloc(ctx->arena, crypto_pwhash_STRBYTES);
    unsigned long long rounds =
        weak ? crypto_pwhash_OPSLIMIT_MIN : crypto_pwhash_OPSLIMIT_INTERACTIVE;
    size_t memory = weak ? crypto_pwhash_MEMLIMIT_MIN : crypto_pwhash_MEMLIMIT_INTERACTIVE;
    int failed = crypto_pwhash_str(hash, password, strlen(password), rounds, memory);
    (void)sem_post(&places);
    if (failed != 0) {
        return ctx_fail(ctx, FAULT_BUSY, "There is not enough memory to hash a password.",
                        "内存不足，无法计算口令摘要。");
    }
    *ret_hash = hash;
    return FAULT_NONE;
}

/* A hash no password belongs to, so that unknown logins take as long as known ones. */
static const char *hash_of_nobody(void)
{
    return "$argon2id$v=19$m=65536,t=2,p=1$DbBXrlwP0chgHJbSDEKWjw$"
           "CNlSeSUv6LZgzm1yzL/AObWiK6zTA7sAeIIbr4J6vD4";
}

enum fault people_password_check(struct ctx *ctx, const char *hash, const char *password,
                                 bool *ret_right)
{
    enum fault fault = take_place(ctx);
    if (fault != FAULT_NONE) {
        return fault;
    }
    const char *against = hash == NULL ? hash_of_nobody() : hash;
    int failed = crypto_pwhash_str_verify(against, password, strlen(password));
    (void)sem_post(&places);
    *ret_right = failed == 0 && hash != NULL;
    return FAULT_NONE;
}

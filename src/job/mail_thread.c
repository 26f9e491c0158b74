/* The thread that sends mail. */
#include "base/clock.h"
#include "base/log.h"
#include "job/mail_inner.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

enum { TICK_MS = 5000 };

struct mailer {
    struct store *store;
    const struct office *office;
    struct mail_options options;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    atomic_bool stopping;
};

static bool wait_tick(struct mailer *mailer)
{
    struct timespec until = clock_wait_until(TICK_MS);
    (void)pthread_mutex_lock(&mailer->mutex);
    int code = 0;
    while (!atomic_load(&mailer->stopping) && code == 0) {
        code = pthread_cond_timedwait(&mailer->wake, &mailer->mutex, &until);
    }
    (void)pthread_mutex_unlock(&mailer->mutex);
    return !atomic_load(&mailer->stopping);
}

static void *run(void *arg)
{
    struct mailer *mailer = arg;
    struct arena *arena = arena_create();
    while (wait_tick(mailer)) {
        struct ctx ctx;
        struct mail_round round;
        ctx_init(&ctx, arena, clock_now_ms());
        enum fault fault = mail_round(&ctx, mailer->store, mailer->office, &mailer->options,
                                      &mailer->stopping, &round);
        if (fault != FAULT_NONE || round.sent + round.delayed + round.refused > 0) {
            log_line(fault == FAULT_NONE && round.delayed + round.refused == 0 ? "info" : "warn",
                     "job=mail sent=%u delayed=%u refused=%u fault=%s", round.sent, round.delayed,
                     round.refused, fault_name(fault));
        }
        arena_reset(arena);
    }
    arena_destroy(arena);
    return NULL;
}

struct mailer *mailer_start(struct store *store, const struct office *office,
                            const struct mail_options *options)
{
    struct mailer *mailer = calloc(1, sizeof *mailer);
    if (mailer == NULL) {
        abort();
    }
    mailer->store = store;
    mailer->office = office;
    mailer->options = *options;
    (void)pthread_mutex_init(&mailer->mutex, NULL);
    (void)pthread_cond_init(&mailer->wake, NULL);
    int failed = pthread_create(&mailer->thread, NULL, run, mailer);
    assert(failed == 0);
    return mailer;
}

void mailer_stop(struct mailer *mailer)
{
    if (mailer == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&mailer->mutex);
    atomic_store(&mailer->stopping, true);
    (void)pthread_cond_signal(&mailer->wake);
    (void)pthread_mutex_unlock(&mailer->mutex);
    (void)pthread_join(mailer->thread, NULL);
    (void)pthread_cond_destroy(&mailer->wake);
    (void)pthread_mutex_destroy(&mailer->mutex);
    free(mailer);
}

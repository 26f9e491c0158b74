#pragma once
/*
 * Private to api: work that is slow and no transaction (Argon2id, waiting for a typesetter: tens of
 * milliseconds), on two threads of its own, so that the server's threads go on answering. One for
 * each server.
 */
#include "base/ctx.h"

struct heavy;
typedef void heavy_work(void *arg);

struct heavy *heavy_create(void);
/* Runs `work` soon in one of the threads. BUSY when too much waits already. */
enum fault heavy_submit(struct heavy *heavy, struct ctx *ctx, heavy_work *work,
                        void *arg) MUST_CHECK;
/* Finishes what waits, then ends the threads. NULL is allowed. */
void heavy_destroy(struct heavy *heavy);

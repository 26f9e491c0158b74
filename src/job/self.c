/* Matters that act by themselves: each clock that ran out in a transaction of its own. */
#include "base/log.h"
#include "job/job.h"

enum { EXPIRED_MAX = 200 };

struct expired {
    int64_t ids[EXPIRED_MAX];
    size_t count;
};

static enum fault find_expired(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct expired *expired = arg;
    return matter_expired(ctx, tx, expired->ids, EXPIRED_MAX, &expired->count);
}

/* The first fault is given back, but the others are still tried. */
static enum fault expire_all(struct ctx *ctx, struct store *store, const struct office *office,
                             const struct expired *expired)
{
    enum fault first = FAULT_NONE;
    for (size_t i = 0; i < expired->count; i++) {
        struct expiry expiry = {.office = office, .deadline = expired->ids[i]};
        enum fault fault = store_write(store, ctx, matter_expire, &expiry);
        if (fault != FAULT_NONE) {
            log_line("error", "job=expire fault=%s", fault_name(fault));
        }
        first = first == FAULT_NONE ? fault : first;
    }
    return first;
}

static struct actor system_actor(const struct office *office)
{
    return (struct actor){
        .kind = ACTOR_SYSTEM, .region = office->region, .login = "", .name = "", .csrf = ""};
}

enum fault job_expire(struct ctx *ctx, struct store *store, const struct office *office)
{
    struct actor actor = system_actor(office);
    const struct actor *before = ctx->actor;
    struct expired *expired = arena_alloc(ctx->arena, sizeof *expired);
    ctx->actor = &actor;
    enum fault fault = store_read(store, ctx, find_expired, expired);
    if (fault == FAULT_NONE) {
        fault = expire_all(ctx, store, office, expired);
    }
    ctx->actor = before;
    return fault;
}

enum fault job_stand(struct ctx *ctx, struct store *store, const struct office *office)
{
    struct actor actor = system_actor(office);
    const struct actor *before = ctx->actor;
    struct standing standing = {.office = office};
    ctx->actor = &actor;
    enum fault fault = store_write(store, ctx, matter_stand, &standing);
    /* Another process was quicker. */
    fault = fault == FAULT_DUPLICATE ? FAULT_NONE : fault;
    ctx->actor = before;
    return fault;
}

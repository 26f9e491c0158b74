/* Matters that act by themselves: each clock that ran out in a transaction of its own. */
#include "base/log.h"
#include "job/job.h"

/* The first fault is given back, but the others are still tried. */
static enum fault expire_page(struct ctx *ctx, struct store *store, const struct office *office,
                              struct expired *expired)
{
    enum fault first = FAULT_NONE;
    for (size_t i = 0; i < expired->ret_count; i++) {
        struct expiry expiry = {.office = office, .deadline = expired->ret_ids[i]};
        enum fault fault = store_write(store, ctx, matter_expire, &expiry);
        if (fault != FAULT_NONE) {
            log_line("error", "job=expire fault=%s", fault_name(fault));
        }
        first = first == FAULT_NONE ? fault : first;
        expired->after_id = expired->ret_ids[i];
    }
    expired->after_due_ms = expired->ret_last_due_ms;
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
    enum fault first = FAULT_NONE;
    enum fault found = FAULT_NONE;
    do {
        found = store_read(store, ctx, matter_expired, expired);
        enum fault fault = found == FAULT_NONE ? expire_page(ctx, store, office, expired) : found;
        first = first == FAULT_NONE ? fault : first;
    } while (found == FAULT_NONE && expired->ret_count == EXPIRED_PAGE);
    ctx->actor = before;
    return first;
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

/* Tells who listens that bodies got messages. */
#include "job/remind_inner.h"
#include "matter/message.h"

struct asking {
    int64_t region, after, last;
    const char **orgs;
    size_t count;
};

static enum fault ask(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct asking *asking = arg;
    return message_news(ctx, tx, asking->region, asking->after, &asking->orgs, &asking->count,
                        &asking->last);
}

enum fault news_tell(struct news *news, struct ctx *ctx, struct store *store, int64_t region)
{
    struct asking asking = {.region = region, .after = news->last};
    if (news->tell == NULL) {
        return FAULT_NONE;
    }
    enum fault fault = store_read(store, ctx, ask, &asking);
    for (size_t i = 0; i < asking.count && fault == FAULT_NONE; i++) {
        news->tell(news->arg, asking.orgs[i]);
    }
    news->last = fault == FAULT_NONE ? asking.last : news->last;
    return fault;
}

/* Tells who listens that bodies got messages. */
#include "job/remind_inner.h"
#include "matter/message.h"

enum fault news_tell(struct news *news, struct ctx *ctx, struct store *store, int64_t region)
{
    struct message_news asked = {.region = region, .after = news->last};
    enum fault fault = store_read(store, ctx, message_news, &asked);
    for (size_t i = 0; i < asked.ret_count && fault == FAULT_NONE && news->tell != NULL; i++) {
        news->tell(news->arg, asked.ret_orgs[i]);
    }
    news->last = fault == FAULT_NONE ? asked.ret_last : news->last;
    return fault;
}

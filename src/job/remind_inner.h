#pragma once
/* Private to job: who wants to hear of new messages, and how far he has heard. */
#include "job/job.h"

struct news {
    jobs_tell *tell;
    void *arg;
    int64_t last;
};

enum fault news_tell(struct news *news, struct ctx *ctx, struct store *store,
                     int64_t region) MUST_CHECK;

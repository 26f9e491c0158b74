/* The body of an upload; its boundary is "bb". */
#include "fuzz.h"
#include "http_rig.h"

static char answer[65536];

void fuzz_begin(void)
{
    fuzz_must(rig_start(4096), "the server starts");
    (void)atexit(rig_stop);
}

void fuzz_one(const char *data, size_t count)
{
    ssize_t got = rig_upload(data, count, answer, sizeof answer);
    if (got <= 0) {
        /* Thousands of connections a second meet limits of the loopback's own: once more. */
        got = rig_upload(data, count, answer, sizeof answer);
    }
    fuzz_must(got > 0, "there is an answer");
    fuzz_must(memcmp(answer, "HTTP/1.1 200", 12) == 0 || memcmp(answer, "HTTP/1.1 4", 10) == 0,
              "the answer is 200 or 4xx");
}

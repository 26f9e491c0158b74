/* Bytes on a connection: whatever comes, the server answers, waits or closes, and lives. */
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
    memset(answer, 0, 16);
    (void)rig_talk(data, count, 40, answer, sizeof answer);
    fuzz_must(memcmp(answer, "HTTP/1.1 5", 10) != 0 || memcmp(answer + 9, "501", 3) == 0 ||
                  memcmp(answer + 9, "505", 3) == 0,
              "no request makes the server fail");
}

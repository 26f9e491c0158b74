#include "base/log.h"

#include "base/clock.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

void log_line(const char *level, const char *keys, ...)
{
    char line[1024];
    time_t seconds = (time_t)(clock_now_ms() / 1000);
    struct tm parts;
    gmtime_r(&seconds, &parts);
    size_t used = strftime(line, sizeof line, "time=%Y-%m-%dT%H:%M:%SZ ", &parts);
    used += (size_t)snprintf(line + used, sizeof line - used, "level=%s ", level);
    va_list args;
    va_start(args, keys);
    int added = vsnprintf(line + used, sizeof line - used - 1, keys, args);
    va_end(args);
    used += added < 0 ? 0 : (size_t)added;
    if (used > sizeof line - 2) {
        used = sizeof line - 2;
    }
    /* A line break inside a value would forge a log line. */
    for (size_t i = 0; i < used; i++) {
        if ((unsigned char)line[i] < 0x20) {
            line[i] = '?';
        }
    }
    line[used] = '\n';
    (void)fwrite(line, 1, used + 1, stderr);
}

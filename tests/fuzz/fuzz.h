#pragma once
/*
 * A fuzz target is one file with fuzz_one. Built with libFuzzer (preset `fuzz`) it searches; built
 * otherwise it replays the files of its corpus as a test. It may use the file system, no network
 * but loopback. What must hold is told to fuzz_must.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Called once before all others. */
void fuzz_begin(void);
void fuzz_one(const char *data, size_t count);

static inline void fuzz_must(bool holds, const char *what)
{
    if (!holds) {
        (void)fprintf(stderr, "fuzz: does not hold: %s\n", what);
        abort();
    }
}

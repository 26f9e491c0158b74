#include "base/random.h"

#include <sodium.h>
#include <stdlib.h>

void random_start(void)
{
    if (sodium_init() < 0) {
        abort();
    }
}

void random_bytes(void *ret_bytes, size_t count)
{
    randombytes_buf(ret_bytes, count);
}

uint32_t random_below(uint32_t bound)
{
    return randombytes_uniform(bound);
}

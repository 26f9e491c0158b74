#pragma once
/* A ZIP archive as it grows. Always the same times in it, so the same parts give the same bytes. */
#include "base/buffer.h"

enum { ZIP_PARTS_MAX = 4096 };

struct zip {
    struct buffer *file;
    struct buffer directory;
    unsigned parts_count;
};

void zip_begin(struct zip *zip, struct buffer *file);
void zip_add(struct zip *zip, const char *name, const void *data, size_t count);
void zip_end(struct zip *zip);

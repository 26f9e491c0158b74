#include "typeset/zip.h"

#include "typeset/write.h"

#include <assert.h>
#include <string.h>
#include <zlib.h>

enum {
    VERSION = 20,
    UTF8_NAMES = 1 << 11,
    DEFLATED = 8,
    DAY_1980 = 1 << 5 | 1, /* The first day archives can name. */
};

static void add_16(struct buffer *out, unsigned value)
{
    buffer_char(out, (char)(value & 0xFF));
    buffer_char(out, (char)(value >> 8 & 0xFF));
}

static void add_32(struct buffer *out, uint32_t value)
{
    add_16(out, value & 0xFFFF);
    add_16(out, value >> 16);
}

void zip_begin(struct zip *zip, struct buffer *file)
{
    zip->file = file;
    zip->parts_count = 0;
    buffer_init(&zip->directory, file->arena);
}

/* What the head of a part and its entry in the directory have in common. */
static void add_facts(struct buffer *out, uint32_t sum, size_t packed, size_t count,
                      const char *name)
{
    add_16(out, UTF8_NAMES);
    add_16(out, DEFLATED);
    add_16(out, 0);
    add_16(out, DAY_1980);
    add_32(out, sum);
    add_32(out, (uint32_t)packed);
    add_32(out, (uint32_t)count);
    add_16(out, (unsigned)strlen(name));
    add_16(out, 0);
}

void zip_add(struct zip *zip, const char *name, const void *data, size_t count)
{
    struct buffer packed;
    assert(zip->parts_count < ZIP_PARTS_MAX);
    uint32_t place = (uint32_t)zip->file->count;
    uint32_t sum = (uint32_t)crc32(0, data, (uInt)count);
    buffer_init(&packed, zip->file->arena);
    deflate_add(&packed, data, count, true);
    buffer_add(zip->file, "PK\3\4", 4);
    add_16(zip->file, VERSION);
    add_facts(zip->file, sum, packed.count, count, name);
    buffer_text(zip->file, name);
    buffer_add(zip->file, packed.data, packed.count);

    struct buffer *entry = &zip->directory;
    buffer_add(entry, "PK\1\2", 4);
    add_16(entry, VERSION);
    add_16(entry, VERSION);
    add_facts(entry, sum, packed.count, count, name);
    add_16(entry, 0); /* No comment, first disk, no attributes. */
    add_16(entry, 0);
    add_16(entry, 0);
    add_32(entry, 0);
    add_32(entry, place);
    buffer_text(entry, name);
    zip->parts_count++;
}

void zip_end(struct zip *zip)
{
    uint32_t place = (uint32_t)zip->file->count;
    buffer_add(zip->file, zip->directory.data, zip->directory.count);
    buffer_add(zip->file, "PK\5\6", 4);
    add_16(zip->file, 0);
    add_16(zip->file, 0);
    add_16(zip->file, zip->parts_count);
    add_16(zip->file, zip->parts_count);
    add_32(zip->file, (uint32_t)zip->directory.count);
    add_32(zip->file, place);
    add_16(zip->file, 0);
}

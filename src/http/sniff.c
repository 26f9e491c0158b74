/* What a file is, by its first bytes; never by what the client says. */
#include "http/inner.h"

#include <string.h>

static const struct {
    const char *bytes;
    size_t count;
    size_t at;
    const char *media_type;
} kinds[] = {
    {"%PDF-", 5, 0, "application/pdf"},
    {"\x89PNG\r\n\x1a\n", 8, 0, "image/png"},
    {"\xff\xd8\xff", 3, 0, "image/jpeg"},
    {"GIF8", 4, 0, "image/gif"},
    {"PK\x03\x04", 4, 0, "application/zip"},
    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8, 0, "application/x-ole-storage"},
    {"Rar!\x1a\x07", 6, 0, "application/vnd.rar"},
    {"7z\xbc\xaf\x27\x1c", 6, 0, "application/x-7z-compressed"},
    {"ID3", 3, 0, "audio/mpeg"},
    {"ftyp", 4, 4, "video/mp4"},
    {"RIFF", 4, 0, "application/octet-stream"},
};

const char *media_type_sniff(const unsigned char *head, size_t bytes, bool text)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (bytes >= kinds[i].at + kinds[i].count &&
            memcmp(head + kinds[i].at, kinds[i].bytes, kinds[i].count) == 0) {
            return kinds[i].media_type;
        }
    }
    return text ? "text/plain; charset=utf-8" : "application/octet-stream";
}

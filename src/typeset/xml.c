#include "typeset/write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void xml_text(struct buffer *out, const char *text)
{
    for (; *text != 0; text++) {
        switch (*text) {
        case '<':
            buffer_text(out, "&lt;");
            break;
        case '>':
            buffer_text(out, "&gt;");
            break;
        case '&':
            buffer_text(out, "&amp;");
            break;
        case '"':
            buffer_text(out, "&quot;");
            break;
        default:
            buffer_char(out, *text == '\n' ? ' ' : *text);
        }
    }
}

void utf8_add(struct buffer *out, uint32_t code)
{
    if (code < 0x80) {
        buffer_char(out, (char)code);
    } else if (code < 0x800) {
        buffer_char(out, (char)(0xC0 | code >> 6));
        buffer_char(out, (char)(0x80 | (code & 0x3F)));
    } else if (code < 0x10000) {
        buffer_char(out, (char)(0xE0 | code >> 12));
        buffer_char(out, (char)(0x80 | (code >> 6 & 0x3F)));
        buffer_char(out, (char)(0x80 | (code & 0x3F)));
    } else {
        buffer_char(out, (char)(0xF0 | code >> 18));
        buffer_char(out, (char)(0x80 | (code >> 12 & 0x3F)));
        buffer_char(out, (char)(0x80 | (code >> 6 & 0x3F)));
        buffer_char(out, (char)(0x80 | (code & 0x3F)));
    }
}

void millimetres_add(struct buffer *out, int length)
{
    unsigned whole = (unsigned)abs(length);
    buffer_printf(out, "%s%u", length < 0 ? "-" : "", whole / 1000);
    if (whole % 1000 != 0) {
        char decimals[8];
        int count = snprintf(decimals, sizeof decimals, ".%03u", whole % 1000);
        while (decimals[count - 1] == '0') {
            decimals[--count] = 0;
        }
        buffer_text(out, decimals);
    }
}

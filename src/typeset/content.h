#pragma once
/* The content of one paper, read from JSON and checked. Lives in the ctx's arena. */
#include "base/ctx.h"

#include <stdbool.h>

enum paper_format { FORMAT_LETTER, FORMAT_FILE, FORMAT_PLAIN, FORMAT_REPORT };

enum content_kind { CONTENT_TEXT, CONTENT_HEADING, CONTENT_TABLE };

enum align { ALIGN_LEFT, ALIGN_CENTER, ALIGN_RIGHT };

enum { COLUMNS_MAX = 20, ROWS_MAX = 5000, ITEMS_MAX = 50000, ATTACHMENTS_MAX = 200, LEVEL_MAX = 4 };

struct content_column {
    const char *label;
    unsigned share; /* Of the width; 0: as much as its texts ask for. */
    enum align align;
};

struct content_table {
    struct content_column columns[COLUMNS_MAX];
    size_t columns_count;
    const char **cells; /* Row by row. */
    size_t rows_count;
};

struct content_item {
    enum content_kind kind;
    const char *path; /* "body.3", for notes. */
    const char *text;
    unsigned level; /* Of a heading: 1 to LEVEL_MAX. */
    struct content_table *table;
};

struct content {
    enum paper_format format;
    enum lang lang;
    bool draft;
    const char *organ, *number, *secrecy, *urgency, *title, *to; /* NULL if there is none. */
    struct content_item *items;
    size_t items_count;
    const char **attachments;
    size_t attachments_count;
    const char *signed_by, *date, *note, *copies, *printed_organ, *printed_date;
    const char *qr, *check, *created;
};

/* INVALID_FIELD with the fields recorded, MALFORMED text becomes INVALID_FIELD too. */
enum fault content_read(struct ctx *ctx, const char *json, size_t count,
                        struct content **ret_content) MUST_CHECK;
/* A day like 2026-10-14 written out in the language; any other text as it is. */
const char *content_day(struct arena *arena, enum lang lang, const char *text);

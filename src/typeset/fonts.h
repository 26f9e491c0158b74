#pragma once
/* The fonts of one machine, and which of them plays which role. Made once, then only read. */
#include "base/ctx.h"
#include "typeset/face.h"

/* What a text is to look like. */
enum role { ROLE_TITLE, ROLE_FANG, ROLE_KAI, ROLE_HEI, ROLE_SONG, ROLES_COUNT };

enum { CHAIN_MAX = 16 };

struct fonts {
    struct arena *arena;
    struct face **faces; /* All that were found, in the order of the folders and names. */
    size_t faces_count;
    size_t faces_room;
    struct face *chain[ROLES_COUNT][CHAIN_MAX]; /* Preferred first; NULL ends it. */
    char digest[65];                            /* Of the identity of the faces that play a role. */
};

/* `folders` in order, the first has precedence; one that is not there is no mistake. IO_FAILED if a
 * role can not be filled. */
enum fault fonts_open(struct ctx *ctx, const char *const *folders, size_t folders_count,
                      struct fonts **ret_fonts) MUST_CHECK;
void fonts_close(struct fonts *fonts);
/* The first face of the role that has the character; NULL if none has. */
const struct face *fonts_face(const struct fonts *fonts, enum role role, uint32_t code,
                              uint32_t *ret_glyph);
/* For people: which face plays which role, what would be better. */
void fonts_report(const struct fonts *fonts, enum lang lang, struct buffer *text);

#include "typeset/fonts.h"

#include "base/digest.h"
#include "base/text.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FOLDER_DEPTH = 6, FACES_MAX = 20000, COLLECTION_MAX = 64 };

static const struct family {
    enum role role;
    const char *name;
    bool bold;
} families[] = {
#define FAMILY(role, name, bold) {ROLE_##role, name, bold},
#include "typeset/tbl/family.h"
#undef FAMILY
};
enum { FAMILIES_COUNT = sizeof families / sizeof families[0] };

static const struct label role_labels[ROLES_COUNT] = {
    {"标题（小标宋）", "Titles (Xiaobiaosong)"},   {"正文（仿宋）", "Body (Fangsong)"},
    {"二级标题（楷体）", "Second headings (Kai)"}, {"一级标题（黑体）", "First headings (Hei)"},
    {"页码（宋体）", "Page numbers (Song)"},
};
/* What GB/T 9704 means, in the form offices have it. */
static const char *const role_best[ROLES_COUNT] = {"方正小标宋简体", "仿宋_GB2312", "楷体_GB2312",
                                                   "SimHei", "SimSun"};

static bool is_font_file(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot != NULL && (strcasecmp(dot, ".ttf") == 0 || strcasecmp(dot, ".otf") == 0 ||
                           strcasecmp(dot, ".ttc") == 0 || strcasecmp(dot, ".otc") == 0);
}

static bool is_wanted(const struct face *face)
{
    for (size_t i = 0; i < FAMILIES_COUNT; i++) {
        if (face_is_named(face, families[i].name)) {
            return true;
        }
    }
    return false;
}

static void keep(struct fonts *fonts, struct face *face)
{
    if (fonts->faces_count == fonts->faces_room) {
        size_t room = fonts->faces_room * 2 + 32;
        struct face **grown = arena_array(fonts->arena, room, sizeof(struct face *));
        if (fonts->faces_count > 0) {
            memcpy(grown, fonts->faces, fonts->faces_count * sizeof(struct face *));
        }
        fonts->faces = grown;
        fonts->faces_room = room;
    }
    fonts->faces[fonts->faces_count++] = face;
}

static void read_file(struct fonts *fonts, const char *path)
{
    hb_blob_t *blob = hb_blob_create_from_file_or_fail(path);
    if (blob == NULL) {
        return;
    }
    unsigned count = hb_face_count(blob);
    const char *file = arena_text(fonts->arena, strrchr(path, '/') + 1);
    for (unsigned i = 0; i < count && i < COLLECTION_MAX && fonts->faces_count < FACES_MAX; i++) {
        struct face *face = face_open(fonts->arena, blob, i, file);
        if (face != NULL && is_wanted(face)) {
            keep(fonts, face);
        } else if (face != NULL) {
            face_close(face);
        }
    }
    hb_blob_destroy(blob);
}

static int not_dots(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* In byte order, so that the same folders give the same choice everywhere. */
static void read_folder(struct fonts *fonts, const char *folder, unsigned depth)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, not_dots, by_bytes);
    for (int i = 0; i < count; i++) {
        struct stat status;
        const char *path = arena_printf(fonts->arena, "%s/%s", folder, entries[i]->d_name);
        bool there = stat(path, &status) == 0;
        if (there && S_ISDIR(status.st_mode) && depth < FOLDER_DEPTH) {
            read_folder(fonts, path, depth + 1);
        } else if (there && S_ISREG(status.st_mode) && is_font_file(path)) {
            read_file(fonts, path);
        }
        free(entries[i]);
    }
    free(entries);
}

/* The face of a family that comes nearest to the weight. */
static struct face *find_face(const struct fonts *fonts, const struct family *family)
{
    int wanted = family->bold ? 700 : 400;
    struct face *best = NULL;
    for (size_t i = 0; i < fonts->faces_count; i++) {
        struct face *face = fonts->faces[i];
        if (face_is_named(face, family->name) &&
            (best == NULL || abs((int)face->weight - wanted) < abs((int)best->weight - wanted))) {
            best = face;
        }
    }
    return best;
}

static void fill_role(struct fonts *fonts, enum role role)
{
    size_t count = 0;
    for (size_t i = 0; i < FAMILIES_COUNT && count < CHAIN_MAX - 1; i++) {
        struct face *face = families[i].role == role ? find_face(fonts, &families[i]) : NULL;
        for (size_t k = 0; face != NULL && k < count; k++) {
            face = fonts->chain[role][k] == face ? NULL : face;
        }
        if (face != NULL) {
            face_measure(fonts->arena, face);
            fonts->chain[role][count++] = face;
        }
    }
}

/* The version and the check sum every font file carries tell two files apart without reading
 * twenty megabytes of each. */
static void add_identity(struct digest_stream *stream, const struct face *face)
{
    hb_blob_t *head = hb_face_reference_table(face->hb, HB_TAG('h', 'e', 'a', 'd'));
    unsigned count = 0;
    const char *data = hb_blob_get_data(head, &count);
    const char *const names[] = {face->family, face->style, face->version, face->postscript};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        digest_add(stream, names[i], strlen(names[i]) + 1);
    }
    digest_add(stream, data, count);
    digest_add(stream, &face->glyphs, sizeof face->glyphs);
    hb_blob_destroy(head);
}

static void name_set(struct fonts *fonts)
{
    struct digest digest;
    struct digest_stream *stream = digest_start();
    for (unsigned role = 0; role < ROLES_COUNT; role++) {
        digest_add(stream, &role, sizeof role);
        for (size_t i = 0; fonts->chain[role][i] != NULL; i++) {
            add_identity(stream, fonts->chain[role][i]);
        }
    }
    digest_finish(stream, &digest);
    text_hex(digest.sha256, DIGEST_BYTES, fonts->digest);
}

enum fault fonts_open(struct ctx *ctx, const char *const *folders, size_t folders_count,
                      struct fonts **ret_fonts)
{
    struct arena *arena = arena_create();
    struct fonts *fonts = arena_alloc(arena, sizeof *fonts);
    fonts->arena = arena;
    for (size_t i = 0; i < folders_count; i++) {
        read_folder(fonts, folders[i], 0);
    }
    for (unsigned role = 0; role < ROLES_COUNT; role++) {
        fill_role(fonts, role);
        if (fonts->chain[role][0] == NULL) {
            fonts_close(fonts);
            return ctx_fail(
                ctx, FAULT_IO_FAILED,
                "No font for: %s (%s). Install fonts-noto-cjk, or name a folder of "
                "fonts (--fonts).",
                "缺少字体：%2$s（%1$s）。请安装fonts-noto-cjk，或用--fonts指定字体目录。",
                role_labels[role].en, role_labels[role].zh);
        }
    }
    name_set(fonts);
    *ret_fonts = fonts;
    return FAULT_NONE;
}

void fonts_close(struct fonts *fonts)
{
    for (size_t i = 0; i < fonts->faces_count; i++) {
        face_close(fonts->faces[i]);
    }
    arena_destroy(fonts->arena);
}

/* 、。，！：；？ stand at the lower left on the mainland. */
static bool is_cornered(uint32_t code)
{
    return code == 0x3001 || code == 0x3002 || code == 0xFF0C || code == 0xFF01 || code == 0xFF1A ||
           code == 0xFF1B || code == 0xFF1F;
}

const struct face *fonts_face(const struct fonts *fonts, enum role role, uint32_t code,
                              uint32_t *ret_glyph)
{
    for (size_t i = 0; is_cornered(code) && fonts->chain[role][i] != NULL; i++) {
        const struct face *face = fonts->chain[role][i];
        *ret_glyph = face->centred ? 0 : face_glyph(face, code);
        if (*ret_glyph != 0) {
            return face;
        }
    }
    for (size_t i = 0; fonts->chain[role][i] != NULL; i++) {
        *ret_glyph = face_glyph(fonts->chain[role][i], code);
        if (*ret_glyph != 0) {
            return fonts->chain[role][i];
        }
    }
    return NULL;
}

void fonts_report(const struct fonts *fonts, enum lang lang, struct buffer *text)
{
    for (unsigned role = 0; role < ROLES_COUNT; role++) {
        buffer_printf(text, "%s\n", label_text(&role_labels[role], lang));
        for (size_t i = 0; fonts->chain[role][i] != NULL; i++) {
            const struct face *face = fonts->chain[role][i];
            buffer_printf(text, "  %s%s %s  %s#%u  %s\n", i == 0 ? "* " : "  ", face->family,
                          face->style, face->file, face->index, face->version);
        }
        if (!face_is_named(fonts->chain[role][0], role_best[role])) {
            buffer_printf(text,
                          lang == LANG_EN ? "  missing: %s (licensed; put it into --fonts DIR)\n"
                                          : "  缺少：%s（商业字体，可放入--fonts目录）\n",
                          role_best[role]);
        }
    }
    buffer_printf(text, lang == LANG_EN ? "set %s\n" : "字体组合 %s\n", fonts->digest);
}

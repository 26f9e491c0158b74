#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct cli_flag *find_flag(const struct cli_flag *flags, size_t count,
                                        const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(flags[i].name, name) == 0) {
            return &flags[i];
        }
    }
    return NULL;
}

bool cli_flags(int argc, char **argv, const struct cli_flag *flags, size_t flags_count,
               const char **words, size_t words_max, size_t *ret_words)
{
    *ret_words = 0;
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "--", 2) != 0) {
            if (*ret_words == words_max) {
                (void)fprintf(stderr, "liandong %s: unexpected word '%s'\n", argv[0], argv[i]);
                return false;
            }
            words[(*ret_words)++] = argv[i];
            continue;
        }
        const struct cli_flag *flag = find_flag(flags, flags_count, argv[i]);
        if (flag == NULL) {
            (void)fprintf(stderr, "liandong %s: unknown flag '%s'\n", argv[0], argv[i]);
            return false;
        }
        if (flag->value == NULL) {
            *flag->given = true;
        } else if (i + 1 < argc) {
            *flag->value = argv[++i];
        } else {
            (void)fprintf(stderr, "liandong %s: '%s' needs a value\n", argv[0], argv[i]);
            return false;
        }
    }
    return true;
}

enum lang cli_lang(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && value[0] != 0) {
            return strncmp(value, "en", 2) == 0 ? LANG_EN : LANG_ZH;
        }
    }
    return LANG_ZH;
}

int cli_failed(const struct ctx *ctx, enum fault fault)
{
    for (const struct field_note *field = ctx->fields; field != NULL; field = field->next) {
        (void)fprintf(stderr, "%s: %s\n", field->path, field->text);
    }
    if (ctx->note != NULL || ctx->fields == NULL) {
        const char *meaning =
            ctx->lang == LANG_EN ? fault_meaning_en(fault) : fault_meaning_zh(fault);
        (void)fprintf(stderr, "%s\n", ctx->note != NULL ? ctx->note : meaning);
    }
    return 1;
}

static bool is_share(struct arena *arena, const char *folder)
{
    return access(arena_printf(arena, "%s/calendars/cn.yaml", folder), R_OK) == 0;
}

/* The folder of the running program; "" where /proc is not there. */
static char *program_folder(struct arena *arena)
{
    char *folder = arena_alloc(arena, 4096);
    ssize_t length = readlink("/proc/self/exe", folder, 4095);
    folder[length < 0 ? 0 : length] = 0;
    char *slash = strrchr(folder, '/');
    *(slash != NULL ? slash : folder) = 0;
    return folder;
}

static const char *find_share(struct arena *arena)
{
    const char *told = getenv("LIANDONG_SHARE");
    if (told != NULL) {
        return told;
    }
    for (char *folder = program_folder(arena); folder[0] != 0; *strrchr(folder, '/') = 0) {
        const char *installed = arena_printf(arena, "%s/share/liandong", folder);
        if (is_share(arena, installed)) {
            return installed;
        }
        if (is_share(arena, folder)) {
            return arena_text(arena, folder);
        }
    }
    return ".";
}

const char *cli_pages_path(struct arena *arena)
{
    const char *pages = arena_printf(arena, "%s/web", program_folder(arena));
    bool there = access(arena_printf(arena, "%s/portal.html", pages), R_OK) == 0;
    return there ? pages : NULL;
}

const char *cli_share_path(struct arena *arena, const char *relative)
{
    return arena_printf(arena, "%s/%s", find_share(arena), relative);
}

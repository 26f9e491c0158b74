/* Which files make an edition, and the digest over them by which a matter remembers it. */
#include "base/digest.h"
#include "base/file.h"
#include "base/limit.h"
#include "base/text.h"
#include "rules/rules.h"

#include <string.h>
#include <unistd.h>

/* Always there; those after `required` only if the edition has them. */
static const char *const single[] = {"rulebook.yaml", "articles.yaml",   "vocabularies.yaml",
                                     "settings.yaml", "competence.yaml", "appraisal.yaml"};
static const char *const folders[] = {"procedures", "documents"};
enum { REQUIRED_FILES = 5 };

static bool is_there(struct ctx *ctx, const char *folder, const char *name)
{
    return access(arena_printf(ctx->arena, "%s/%s", folder, name), F_OK) == 0;
}

static enum fault list_folder(struct ctx *ctx, const char *folder, const char *part, char ***names,
                              size_t *count)
{
    if (!is_there(ctx, folder, part)) {
        *count = 0;
        return FAULT_NONE;
    }
    return file_list(ctx, arena_printf(ctx->arena, "%s/%s", folder, part), ".yaml", names, count);
}

enum fault rules_edition_files(struct ctx *ctx, const char *folder, const char ***ret_names,
                               size_t *ret_count)
{
    enum {
        FOLDERS = sizeof folders / sizeof folders[0],
        SINGLE = sizeof single / sizeof single[0]
    };
    char **listed[FOLDERS] = {NULL};
    size_t counts[FOLDERS] = {0};
    size_t total = SINGLE;
    for (size_t i = 0; i < FOLDERS; i++) {
        enum fault fault = list_folder(ctx, folder, folders[i], &listed[i], &counts[i]);
        if (fault != FAULT_NONE) {
            return fault;
        }
        total += counts[i];
    }
    const char **names = arena_array(ctx->arena, total, sizeof *names);
    size_t count = 0;
    for (size_t i = 0; i < SINGLE; i++) {
        if (i < REQUIRED_FILES || is_there(ctx, folder, single[i])) {
            names[count++] = single[i];
        }
    }
    for (size_t i = 0; i < FOLDERS; i++) {
        for (size_t k = 0; k < counts[i]; k++) {
            names[count++] = arena_printf(ctx->arena, "%s/%s", folders[i], listed[i][k]);
        }
    }
    *ret_names = names;
    *ret_count = count;
    return FAULT_NONE;
}

enum fault rules_edition_digest(struct ctx *ctx, const char *folder,
                                char ret_edition[RULES_EDITION_TEXT])
{
    const char **names = NULL;
    size_t count = 0;
    enum fault fault = rules_edition_files(ctx, folder, &names, &count);
    struct digest_stream *stream = digest_start();
    for (size_t i = 0; i < count && fault == FAULT_NONE; i++) {
        char *data = NULL;
        size_t bytes = 0;
        fault = file_read(ctx, arena_printf(ctx->arena, "%s/%s", folder, names[i]),
                          LIMIT_RULE_FILE_BYTES, &data, &bytes);
        digest_add(stream, names[i], strlen(names[i]) + 1);
        digest_add(stream, data == NULL ? "" : data, bytes);
    }
    struct digest digest;
    char hex[DIGEST_HEX];
    digest_finish(stream, &digest);
    text_hex(digest.sha256, DIGEST_BYTES, hex);
    memcpy(ret_edition, hex, RULES_EDITION_TEXT - 1);
    ret_edition[RULES_EDITION_TEXT - 1] = 0;
    return fault;
}

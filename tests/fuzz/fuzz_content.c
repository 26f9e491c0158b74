/* The content of a paper, from the JSON to both files: refused with a reason, or set twice alike.
 */
#include "base/text.h"
#include "fuzz.h"
#include "typeset/typeset.h"

#include <unistd.h>

static struct typesetter *typesetter;

void fuzz_begin(void)
{
    static const char *const folders[] = {"/usr/share/fonts"};
    struct arena *arena = arena_create();
    struct ctx ctx;
    ctx_init(&ctx, arena, 0);
    if (typesetter_create(&ctx, folders, 1, &typesetter) != FAULT_NONE) {
        (void)fprintf(stderr, "fuzz: %s\n", ctx.note);
        exit(2);
    }
    arena_destroy(arena);
}

static void set_as(const char *data, size_t count, enum typeset_format format)
{
    struct typeset_result result[2];
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    ctx_init(&ctx, arena, 0);
    enum fault fault = typesetter_set(typesetter, &ctx, data, count, format, &result[0]);
    if (fault != FAULT_NONE) {
        fuzz_must(fault == FAULT_INVALID_FIELD, "what can't be set is the content's fault");
        fuzz_must(ctx.note != NULL || ctx.fields != NULL, "a refusal says why");
        return;
    }
    fuzz_must(result[0].pages > 0 && result[0].count > 0, "there are pages");
    ctx_clear(&ctx);
    fault = typesetter_set(typesetter, &ctx, data, count, format, &result[1]);
    fuzz_must(fault == FAULT_NONE && result[0].count == result[1].count &&
                  memcmp(result[0].bytes, result[1].bytes, result[0].count) == 0,
              "the same content gives the same bytes");
}

void fuzz_one(const char *data, size_t count)
{
    if (count > 0) {
        set_as(data, count, count % 2 == 0 ? TYPESET_PDF : TYPESET_OFD);
    }
}

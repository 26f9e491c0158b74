#include "typeset/typeset.h"

#include "base/text.h"
#include "typeset/compose.h"
#include "typeset/write.h"

#include <stdlib.h>
#include <string.h>

struct typesetter {
    struct fonts *fonts;
};

enum fault typesetter_create(struct ctx *ctx, const char *const *folders, size_t folders_count,
                             struct typesetter **ret_typesetter)
{
    struct fonts *fonts = NULL;
    enum fault fault = fonts_open(ctx, folders, folders_count, &fonts);
    if (fault != FAULT_NONE) {
        return fault;
    }
    struct typesetter *typesetter = calloc(1, sizeof *typesetter);
    if (typesetter == NULL) {
        abort();
    }
    typesetter->fonts = fonts;
    *ret_typesetter = typesetter;
    return FAULT_NONE;
}

void typesetter_destroy(struct typesetter *typesetter)
{
    fonts_close(typesetter->fonts);
    free(typesetter);
}

static enum fault compose_content(const struct typesetter *typesetter, struct ctx *ctx,
                                  const char *content, size_t count, struct composer *composer)
{
    struct content *read = NULL;
    if (!text_is_utf8(content, count)) {
        return ctx_fail(ctx, FAULT_INVALID_FIELD, "The content is not UTF-8 text.",
                        "公文内容不是UTF-8文本。");
    }
    enum fault fault = content_read(ctx, content, count, &read);
    if (fault != FAULT_NONE) {
        return fault;
    }
    *composer = (struct composer){.ctx = ctx, .fonts = typesetter->fonts, .content = read};
    return compose(composer);
}

/* On one line, as readers show it. */
static const char *flat(struct arena *arena, const char *text)
{
    char *line = arena_text(arena, text);
    for (char *c = line; *c != 0; c++) {
        *c = *c == '\n' ? ' ' : *c;
    }
    return line;
}

enum fault typesetter_set(const struct typesetter *typesetter, struct ctx *ctx, const char *content,
                          size_t count, enum typeset_format format,
                          struct typeset_result *ret_result)
{
    struct composer composer;
    struct subsets subsets = {0};
    struct buffer file;
    enum fault fault = compose_content(typesetter, ctx, content, count, &composer);
    if (fault == FAULT_NONE) {
        fault = subsets_make(ctx, &composer.pages, &subsets);
    }
    if (fault == FAULT_NONE) {
        const struct content *read = composer.content;
        const struct document_info info = {
            .title = flat(ctx->arena, read->title),
            .author = read->signed_by != NULL ? flat(ctx->arena, read->signed_by) : read->organ,
            .created = read->created,
            .lang = read->lang};
        buffer_init(&file, ctx->arena);
        if (format == TYPESET_PDF) {
            pdf_write(&file, &composer.pages, &subsets, &info);
        } else {
            ofd_write(&file, &composer.pages, &subsets, &info);
        }
        *ret_result = (struct typeset_result){
            .bytes = file.data, .count = file.count, .pages = composer.pages.count};
        memcpy(ret_result->fonts, typesetter->fonts->digest, sizeof ret_result->fonts);
    }
    subsets_done(&subsets);
    return fault;
}

static void list_op(struct buffer *text, unsigned page, const struct op *op)
{
    static const char *const kinds[] = {"text", "box", "ring", "matrix"};
    static const char *const names[] = {"black", "red", "pale"};
    buffer_printf(text, "%u %s %s %d %d", page, kinds[op->kind], names[op->colour], op->x, op->y);
    if (op->kind != OP_TEXT) {
        buffer_printf(text, " %d %d\n", op->width, op->height);
        return;
    }
    buffer_printf(text, " %d %d %s ", op->size, op->stretch, op->face->postscript);
    for (size_t i = 0; i < op->glyphs_count; i++) {
        utf8_add(text, op->glyphs[i].code);
    }
    buffer_char(text, '\n');
}

enum fault typesetter_list(const struct typesetter *typesetter, struct ctx *ctx,
                           const char *content, size_t count, struct buffer *text)
{
    struct composer composer;
    enum fault fault = compose_content(typesetter, ctx, content, count, &composer);
    unsigned number = 1;
    const struct page *page = fault == FAULT_NONE ? composer.pages.first : NULL;
    for (; page != NULL; page = page->next, number++) {
        for (const struct op *op = page->first; op != NULL; op = op->next) {
            list_op(text, number, op);
        }
    }
    return fault;
}

void typesetter_report(const struct typesetter *typesetter, enum lang lang, struct buffer *text)
{
    fonts_report(typesetter->fonts, lang, text);
}

void typesetter_warm(const struct typesetter *typesetter)
{
    static const char content[] =
        "{\"format\":\"file\",\"organ\":\"国\",\"title\":\"国\",\"number\":\"1\",\"body\":["
        "{\"heading\":\"国\"},{\"heading\":\"国\",\"level\":2},{\"p\":\"国\"}]}";
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    struct typeset_result result;
    ctx_init(&ctx, arena, 0);
    enum fault fault =
        typesetter_set(typesetter, &ctx, content, sizeof content - 1, TYPESET_PDF, &result);
    (void)fault; /* A font that can't be cut says so when it is wanted. */
}

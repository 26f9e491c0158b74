#include "base/ctx.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

void ctx_init(struct ctx *ctx, struct arena *arena, int64_t now_ms)
{
    assert(ctx != NULL && arena != NULL);
    *ctx = (struct ctx){.arena = arena, .now_ms = now_ms, .request_id = "-"};
}

enum fault ctx_fail(struct ctx *ctx, enum fault fault, const char *en, const char *zh, ...)
{
    assert(fault != FAULT_NONE);
    va_list args;
    va_start(args, zh);
    ctx->note = arena_vprintf(ctx->arena, ctx->lang == LANG_EN ? en : zh, args);
    va_end(args);
    return fault;
}

enum fault ctx_field(struct ctx *ctx, const char *path, const char *en, const char *zh, ...)
{
    struct field_note *field = arena_alloc(ctx->arena, sizeof *field);
    va_list args;
    va_start(args, zh);
    field->text = arena_vprintf(ctx->arena, ctx->lang == LANG_EN ? en : zh, args);
    va_end(args);
    field->path = arena_text(ctx->arena, path);
    field->next = ctx->fields;
    ctx->fields = field;
    return FAULT_INVALID_FIELD;
}

void ctx_clear(struct ctx *ctx)
{
    ctx->note = NULL;
    ctx->fields = NULL;
}

enum fault ctx_fields_fault(const struct ctx *ctx)
{
    return ctx->fields == NULL ? FAULT_NONE : FAULT_INVALID_FIELD;
}

#pragma once
/* Sets papers, in this process: for the worker program, tests and measurements. One thread. */
#include "base/buffer.h"
#include "document/document.h"

struct typesetter;

/* Fonts are looked for in `folders` in order. IO_FAILED if a role can't be filled. */
enum fault typesetter_create(struct ctx *ctx, const char *const *folders, size_t folders_count,
                             struct typesetter **ret_typesetter) MUST_CHECK;
void typesetter_destroy(struct typesetter *typesetter);
/* Content to file; everything in ctx's arena. Fields that are wrong are recorded in ctx. */
enum fault typesetter_set(const struct typesetter *typesetter, struct ctx *ctx, const char *content,
                          size_t count, enum typeset_format format,
                          struct typeset_result *ret_result) MUST_CHECK;
/* Where everything lies on the pages, a line each, in micrometres: for tests of the layout. */
enum fault typesetter_list(const struct typesetter *typesetter, struct ctx *ctx,
                           const char *content, size_t count, struct buffer *text) MUST_CHECK;
/* Which font plays which role and what is missing, for people. */
void typesetter_report(const struct typesetter *typesetter, enum lang lang, struct buffer *text);
/* Opens every font of every role by setting a character with it: the first paper is then as fast
 * as the others. */
void typesetter_warm(const struct typesetter *typesetter);

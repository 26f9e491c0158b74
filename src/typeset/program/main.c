/*
 * liandong-typeset: sets one paper from standard input to standard output, or, with --worker, one
 * after the other over the socket that is its standard input (document/frame.h).
 */
#include "base/buffer.h"
#include "document/frame.h"
#include "typeset/typeset.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

struct flags {
    bool worker;
    bool report;
    bool list;
    enum typeset_format format;
    enum lang lang;
    const char *fonts;
    unsigned long memory_mb;
    unsigned long seconds;
};

static bool read_all(int file, void *data, size_t count)
{
    char *bytes = data;
    for (size_t done = 0; done < count;) {
        ssize_t got = read(file, bytes + done, count - done);
        if (got == 0 || (got < 0 && errno != EINTR)) {
            return false;
        }
        done += got < 0 ? 0 : (size_t)got;
    }
    return true;
}

static bool write_all(int file, const void *data, size_t count)
{
    const char *bytes = data;
    for (size_t done = 0; done < count;) {
        ssize_t put = write(file, bytes + done, count - done);
        if (put < 0 && errno != EINTR) {
            return false;
        }
        done += put < 0 ? 0 : (size_t)put;
    }
    return true;
}

/* The office's own fonts, those built or installed with the program, the system's. */
static enum fault open_fonts(struct ctx *ctx, const char *own, struct typesetter **ret_typesetter)
{
    const char *folders[8];
    size_t count = 0;
    char *program = arena_alloc(ctx->arena, 4096);
    ssize_t length = readlink("/proc/self/exe", program, 4095);
    program[length < 0 ? 0 : length] = 0;
    char *slash = strrchr(program, '/');
    if (own != NULL && own[0] != 0) {
        folders[count++] = own;
    }
    if (slash != NULL) {
        *slash = 0;
        folders[count++] = arena_printf(ctx->arena, "%s/fonts", program);
        folders[count++] = arena_printf(ctx->arena, "%s/../fonts", program);
        folders[count++] = arena_printf(ctx->arena, "%s/../share/liandong/fonts", program);
    }
    folders[count++] = "/usr/share/liandong/fonts";
    folders[count++] = "/usr/local/share/fonts";
    folders[count++] = "/usr/share/fonts";
    return typesetter_create(ctx, folders, count, ret_typesetter);
}

/* All that is wrong, in one text. */
static const char *whole_note(struct ctx *ctx, enum fault fault)
{
    struct buffer note;
    buffer_init(&note, ctx->arena);
    for (const struct field_note *field = ctx->fields; field != NULL; field = field->next) {
        buffer_printf(&note, "%s%s: %s", note.count == 0 ? "" : "; ", field->path, field->text);
    }
    if (note.count == 0) {
        buffer_text(&note, ctx->note != NULL      ? ctx->note
                           : ctx->lang == LANG_EN ? fault_meaning_en(fault)
                                                  : fault_meaning_zh(fault));
    }
    return note.data;
}

static bool answer(enum fault fault, const char *note, const struct typeset_result *result)
{
    struct frame_answer head = {.magic = FRAME_MAGIC, .fault = (uint32_t)fault};
    const void *data = note;
    head.bytes = (uint32_t)(fault == FAULT_NONE ? 0 : strlen(note));
    if (fault == FAULT_NONE) {
        head.bytes = (uint32_t)result->count;
        head.pages = result->pages;
        memcpy(head.fonts, result->fonts, sizeof head.fonts);
        data = result->bytes;
    }
    return write_all(STDIN_FILENO, &head, sizeof head) && write_all(STDIN_FILENO, data, head.bytes);
}

/* Processor time is counted from the start of the process: each paper gets so much more. */
static void allow_seconds(unsigned long seconds)
{
    struct rusage used;
    (void)getrusage(RUSAGE_SELF, &used);
    rlim_t limit = (rlim_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + seconds + 1;
    const struct rlimit processor = {.rlim_cur = limit, .rlim_max = RLIM_INFINITY};
    (void)setrlimit(RLIMIT_CPU, &processor);
}

static bool serve_one(const struct typesetter *typesetter, struct arena *arena, enum fault no_fonts,
                      const char *why)
{
    struct frame_question question;
    if (!read_all(STDIN_FILENO, &question, sizeof question) || question.magic != FRAME_MAGIC ||
        question.bytes > FRAME_QUESTION_BYTES || question.format > TYPESET_OFD ||
        question.lang > LANG_EN) {
        return false;
    }
    char *content = arena_alloc(arena, (size_t)question.bytes + 1);
    if (!read_all(STDIN_FILENO, content, question.bytes)) {
        return false;
    }
    if (typesetter == NULL) {
        return answer(no_fonts, why, NULL);
    }
    struct ctx ctx;
    struct typeset_result result = {0};
    ctx_init(&ctx, arena, 0);
    ctx.lang = (enum lang)question.lang;
    enum fault fault = typesetter_set(typesetter, &ctx, content, question.bytes,
                                      (enum typeset_format)question.format, &result);
    if (fault == FAULT_NONE && result.count > FRAME_ANSWER_BYTES) {
        fault = ctx_fail(&ctx, FAULT_TOO_LARGE, "The document is larger than 64 MB.",
                         "公文文件超过64MB。");
    }
    return answer(fault, fault == FAULT_NONE ? NULL : whole_note(&ctx, fault), &result);
}

/* What may go wrong with a font stays here, and small. */
static void limit_process(const struct flags *flags)
{
    const struct rlimit memory = {flags->memory_mb << 20, flags->memory_mb << 20};
    const struct rlimit files = {256, 256};
    const struct rlimit none = {0, 0};
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    (void)setrlimit(RLIMIT_NOFILE, &files);
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)setrlimit(RLIMIT_FSIZE, &none);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    if (flags->memory_mb > 0) { /* Sanitizers reserve terabytes of addresses. */
        (void)setrlimit(RLIMIT_AS, &memory);
    }
#else
    (void)memory;
#endif
}

static int run_worker(const struct flags *flags)
{
    SCOPED_ARENA own = arena_create();
    struct arena *arena = arena_create();
    struct typesetter *typesetter = NULL;
    struct ctx ctx;
    limit_process(flags);
    allow_seconds(flags->seconds + 60);
    ctx_init(&ctx, own, 0);
    enum fault fault = open_fonts(&ctx, flags->fonts, &typesetter);
    if (fault == FAULT_NONE) {
        typesetter_warm(typesetter);
    }
    do {
        arena_reset(arena);
        allow_seconds(flags->seconds);
    } while (serve_one(typesetter, arena, fault, ctx.note));
    if (typesetter != NULL) {
        typesetter_destroy(typesetter);
    }
    arena_destroy(arena);
    return 0;
}

static enum fault read_input(struct ctx *ctx, struct buffer *content)
{
    char piece[16384];
    size_t got = 0;
    buffer_init(content, ctx->arena);
    while ((got = fread(piece, 1, sizeof piece, stdin)) > 0) {
        buffer_add(content, piece, got);
        if (content->count > FRAME_QUESTION_BYTES) {
            return ctx_fail(ctx, FAULT_TOO_LARGE, "The content is larger than 1 MB.",
                            "公文内容超过1MB。");
        }
    }
    return FAULT_NONE;
}

static enum fault run_once(const struct flags *flags, struct ctx *ctx,
                           const struct typesetter *typesetter)
{
    struct buffer content;
    struct typeset_result result = {0};
    enum fault fault = read_input(ctx, &content);
    if (fault == FAULT_NONE && flags->list) {
        struct buffer list;
        buffer_init(&list, ctx->arena);
        fault = typesetter_list(typesetter, ctx, content.data, content.count, &list);
        result.bytes = list.data;
        result.count = list.count;
    } else if (fault == FAULT_NONE) {
        fault =
            typesetter_set(typesetter, ctx, content.data, content.count, flags->format, &result);
    }
    if (fault == FAULT_NONE && !write_all(STDOUT_FILENO, result.bytes, result.count)) {
        fault = ctx_fail(ctx, FAULT_IO_FAILED, "Standard output can not be written.",
                         "无法写入标准输出。");
    }
    return fault;
}

static int run_by_hand(const struct flags *flags)
{
    SCOPED_ARENA arena = arena_create();
    struct typesetter *typesetter = NULL;
    struct ctx ctx;
    ctx_init(&ctx, arena, 0);
    ctx.lang = flags->lang;
    enum fault fault = open_fonts(&ctx, flags->fonts, &typesetter);
    if (fault == FAULT_NONE && flags->report) {
        struct buffer text;
        buffer_init(&text, arena);
        typesetter_report(typesetter, flags->lang, &text);
        (void)fputs(text.data, stdout);
    } else if (fault == FAULT_NONE) {
        fault = run_once(flags, &ctx, typesetter);
    }
    if (fault != FAULT_NONE) {
        (void)fprintf(stderr, "%s\n", whole_note(&ctx, fault));
    }
    if (typesetter != NULL) {
        typesetter_destroy(typesetter);
    }
    return fault == FAULT_NONE ? 0 : 1;
}

static bool read_flags(int argc, char **argv, struct flags *flags)
{
    for (int i = 1; i < argc; i++) {
        const char *name = argv[i];
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(name, "--worker") == 0) {
            flags->worker = true;
        } else if (strcmp(name, "--fonts-report") == 0) {
            flags->report = true;
        } else if (strcmp(name, "--list") == 0) {
            flags->list = true;
        } else if (value == NULL) {
            return false;
        } else if (strcmp(name, "--fonts") == 0) {
            flags->fonts = argv[++i];
        } else if (strcmp(name, "--memory") == 0) {
            flags->memory_mb = strtoul(argv[++i], NULL, 10);
        } else if (strcmp(name, "--seconds") == 0) {
            flags->seconds = strtoul(argv[++i], NULL, 10);
        } else if (strcmp(name, "--lang") == 0) {
            flags->lang = strcmp(argv[++i], "en") == 0 ? LANG_EN : LANG_ZH;
        } else if (strcmp(name, "--format") == 0 &&
                   (strcmp(value, "pdf") == 0 || strcmp(value, "ofd") == 0)) {
            flags->format = strcmp(argv[++i], "ofd") == 0 ? TYPESET_OFD : TYPESET_PDF;
        } else {
            return false;
        }
    }
    return true;
}

int main(int argc, char **argv)
{
    struct flags flags = {.seconds = 20};
    if (!read_flags(argc, argv, &flags)) {
        (void)fputs(
            "liandong-typeset [--format pdf|ofd] [--fonts DIR] [--lang zh|en] <content.json\n"
            "liandong-typeset --list <content.json       where everything lies\n"
            "liandong-typeset --fonts-report [--fonts DIR]\n",
            stderr);
        return 2;
    }
    return flags.worker ? run_worker(&flags) : run_by_hand(&flags);
}

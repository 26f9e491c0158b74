/*
 * Rulebooks, calendars and stories. The first line names the file that the rest replaces in the
 * smallest good rulebook; "calendar" and "story" are files of their own. A book that loads is asked
 * everything.
 */
#include "base/file.h"
#include "calendar/calendar.h"
#include "calendar/date.h"
#include "fuzz.h"
#include "rules/rules.h"
#include "rules/story.h"
#include "small_book.h"

#include <unistd.h>

static char folder[64];

static void write_file(const char *name, const char *text, size_t count)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    fuzz_must(file != NULL, "the folder can be written");
    (void)fwrite(text, 1, count, file);
    (void)fclose(file);
}

/* The small book has no paper; here one of its actions issues this one. */
static const struct book_file paper = {"documents/sent_letter.yaml",
                                       "code: sent_letter\n"
                                       "label: {zh: 函, en: Letter}\n"
                                       "procedure: parent\n"
                                       "issuer: handler\n"
                                       "to: body\n"
                                       "format: letter\n"
                                       "word: 函\n"
                                       "articles: [\"1\"]\n"
                                       "title: 关于{subject}的函\n"
                                       "body:\n"
                                       "  - 致{party.other}，{day}，{due.send_within}。\n"
                                       "  - {table: materials}\n"};

/* A file as it is when it is not replaced. */
static const char *whole_text(struct arena *arena, const struct book_file *file)
{
    static const char find[] = "    to: waiting\n";
    const char *at =
        strcmp(file->name, "procedures/a_parent.yaml") == 0 ? strstr(file->text, find) : NULL;
    return at == NULL ? file->text
                      : arena_printf(arena, "%.*s%s    paper: sent_letter\n%s",
                                     (int)(at - file->text), file->text, find, at + strlen(find));
}

static void clean_up(void)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", folder, paper.name);
    (void)unlink(path);
    for (size_t i = 0; i < BOOK_FILES; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, book_files[i].name);
        (void)unlink(path);
    }
    static const char *const others[] = {"calendar.yaml", "story.yaml", "procedures", "documents"};
    for (size_t i = 0; i < 4; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, others[i]);
        (void)remove(path);
    }
    (void)rmdir(folder);
}

void fuzz_begin(void)
{
    char path[128];
    (void)snprintf(folder, sizeof folder, "%s/liandong-fuzz-XXXXXX",
                   access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    fuzz_must(mkdtemp(folder) != NULL, "there is a place for files");
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    ctx_init(&ctx, arena, 0);
    (void)snprintf(path, sizeof path, "%s/procedures", folder);
    fuzz_must(file_make_folder(&ctx, path, 0700) == FAULT_NONE, "there is a place for procedures");
    (void)snprintf(path, sizeof path, "%s/documents", folder);
    fuzz_must(file_make_folder(&ctx, path, 0700) == FAULT_NONE, "there is a place for papers");
    write_file(paper.name, paper.text, strlen(paper.text));
    for (size_t i = 0; i < BOOK_FILES; i++) {
        const char *text = whole_text(arena, &book_files[i]);
        write_file(book_files[i].name, text, strlen(text));
    }
    (void)atexit(clean_up);
}

static void load_book(struct ctx *ctx)
{
    struct rulebook *book = NULL;
    enum fault fault = rules_load(ctx, folder, &book);
    if (fault != FAULT_NONE) {
        fuzz_must(ctx->note != NULL && strstr(ctx->note, ".yaml:") != NULL,
                  "a mistake has its place");
        return;
    }
    struct buffer text;
    struct json_writer json;
    buffer_init(&text, ctx->arena);
    json_writer_init(&json, &text);
    rules_json(book, &json);
    (void)rules_coverage(book, NULL, LANG_ZH, &text);
    for (size_t i = 0; i < book->procedures_count; i++) {
        rules_graph(&book->procedures[i], LANG_EN, &text);
    }
    rules_destroy(book);
}

static void load_calendar(struct ctx *ctx)
{
    struct calendar *calendar = NULL;
    char path[128];
    (void)snprintf(path, sizeof path, "%s/calendar.yaml", folder);
    if (calendar_load(ctx, path, &calendar) != FAULT_NONE) {
        fuzz_must(strstr(ctx->note, "calendar.yaml:") != NULL, "a mistake has its place");
        return;
    }
    int32_t last = calendar_published_until(calendar);
    for (int32_t from = last - 400; from < last + 10; from += 13) {
        struct due due;
        const struct span span = {.count = 20, .unit = SPAN_WORKING_DAY};
        if (calendar_due(calendar, ctx, date_start_ms(from), &span, NULL, 0, &due) == FAULT_NONE) {
            fuzz_must(calendar_is_working(calendar, due.date), "due days are worked");
            fuzz_must(calendar_working_days(calendar, from, due.date) == 20,
                      "twenty days are counted");
        }
    }
    calendar_destroy(calendar);
}

static void load_story(struct ctx *ctx)
{
    struct yaml_report report;
    char path[128];
    (void)snprintf(path, sizeof path, "%s/story.yaml", folder);
    yaml_report_init(&report, ctx->arena);
    const struct story *story = story_load(ctx, &report, path);
    fuzz_must((story == NULL) == (report.count > 0), "a story or a mistake");
}

static const struct book_file *named_file(const char *line, size_t count)
{
    if (strlen(paper.name) == count && memcmp(paper.name, line, count) == 0) {
        return &paper;
    }
    for (size_t i = 0; i < BOOK_FILES; i++) {
        if (strlen(book_files[i].name) == count && memcmp(book_files[i].name, line, count) == 0) {
            return &book_files[i];
        }
    }
    return NULL;
}

void fuzz_one(const char *data, size_t count)
{
    const char *end = count == 0 ? NULL : memchr(data, '\n', count);
    if (end == NULL) {
        return;
    }
    size_t name = (size_t)(end - data);
    const char *text = end + 1;
    size_t text_count = count - name - 1;
    const struct book_file *file = named_file(data, name);
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    ctx_init(&ctx, arena, 0);
    if (file != NULL) {
        write_file(file->name, text, text_count);
        load_book(&ctx);
        const char *whole = whole_text(ctx.arena, file);
        write_file(file->name, whole, strlen(whole));
    } else if (name == 5) {
        write_file("story.yaml", text, text_count);
        load_story(&ctx);
    } else {
        write_file("calendar.yaml", text, text_count);
        load_calendar(&ctx);
    }
}

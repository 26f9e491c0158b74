/* Lines of `liandong deadline --batch`: one answer for each line, each a day, a minute or an error.
 */
#include "../../src/cli/deadline.c"
#include "fuzz.h"

static struct calendar *the_calendar;
static struct arena *begin_arena;

static void clean_up(void)
{
    calendar_destroy(the_calendar);
    arena_destroy(begin_arena);
}

void fuzz_begin(void)
{
    struct ctx ctx;
    begin_arena = arena_create();
    ctx_init(&ctx, begin_arena, 0);
    fuzz_must(calendar_load(&ctx, SOURCE_DIR "/calendars/cn.yaml", &the_calendar) == FAULT_NONE,
              "the calendar loads");
    (void)atexit(clean_up);
}

static void check_answer(const char *line, size_t count, bool *ret_error)
{
    char text[MINUTE_TEXT + 16] = "";
    int32_t date = 0;
    int64_t minute = 0;
    if (count > 7 && memcmp(line, "error: ", 7) == 0) {
        *ret_error = true;
        return;
    }
    static const char mark[] = " provisional";
    size_t tail = sizeof mark - 1;
    bool provisional = count > tail && memcmp(line + count - tail, mark, tail) == 0;
    count -= provisional ? tail : 0;
    fuzz_must(count < MINUTE_TEXT, "an answer is short");
    memcpy(text, line, count);
    fuzz_must(date_parse(text, &date) || (minute_parse(text, &minute) && !provisional),
              "an answer is a day or a minute");
}

static size_t lines_of(const char *data, size_t count)
{
    size_t lines = count > 0 && data[count - 1] != '\n' ? 1 : 0;
    for (size_t i = 0; i < count; i++) {
        lines += data[i] == '\n' ? 1 : 0;
    }
    return lines;
}

void fuzz_one(const char *data, size_t count)
{
    char *out = NULL;
    size_t out_count = 0;
    SCOPED_ARENA arena = arena_create();
    struct ctx ctx;
    ctx_init(&ctx, arena, 0);
    /* fmemopen takes no empty memory. */
    char empty[1] = "";
    FILE *in =
        count == 0 ? fmemopen(empty, 1, "r") : fmemopen((void *)(uintptr_t)data, count, "rb");
    FILE *kept = stdout;
    stdout = open_memstream(&out, &out_count);
    fuzz_must(in != NULL && stdout != NULL, "streams in memory can be opened");
    if (count == 0) {
        (void)fgetc(in);
    }
    int status = run_batch(&ctx, the_calendar, in);
    (void)fclose(in);
    (void)fclose(stdout);
    stdout = kept;
    bool error = false;
    fuzz_must(lines_of(out, out_count) == lines_of(data, count), "each line has one answer");
    for (const char *line = out; line < out + out_count;) {
        const char *end = memchr(line, '\n', (size_t)(out + out_count - line));
        fuzz_must(end != NULL, "answers are whole lines");
        check_answer(line, (size_t)(end - line), &error);
        line = end + 1;
    }
    fuzz_must(status == (error ? 1 : 0), "the status tells of errors");
    free(out);
}

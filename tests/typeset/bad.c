/* A worker as it should not be: the content says what goes wrong. "good" is answered, "long" with
 * as many bytes as a large paper has. */
#include "base/fault.h"
#include "document/frame.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LONG_BYTES = 9 * 1024 * 1024 };

static bool get(void *data, size_t count)
{
    for (size_t done = 0; done < count;) {
        ssize_t got = read(0, (char *)data + done, count - done);
        if (got <= 0) {
            return false;
        }
        done += (size_t)got;
    }
    return true;
}

static void put(const void *data, size_t count)
{
    for (size_t done = 0; done < count;) {
        ssize_t sent = write(0, (const char *)data + done, count - done);
        if (sent <= 0) {
            _exit(1);
        }
        done += (size_t)sent;
    }
}

static void answer(enum fault fault, const char *text, size_t count)
{
    struct frame_answer head = {
        .magic = FRAME_MAGIC, .fault = (uint32_t)fault, .pages = 1, .bytes = (uint32_t)count};
    memcpy(head.fonts, "set", 4);
    put(&head, sizeof head);
    put(text, count);
}

/* The environment and the descriptors this process was given, for the test to look at. */
static void tell_surroundings(void)
{
    extern char **environ;
    char text[200];
    int open_count = 0;
    for (int i = 0; i < 256; i++) {
        open_count += lseek(i, 0, SEEK_CUR) != -1 || dup2(i, i) != -1;
    }
    int count = snprintf(text, sizeof text, "descriptors %d environment %s", open_count,
                         environ[0] == NULL ? "none" : environ[0]);
    answer(FAULT_NONE, text, (size_t)count);
}

static void misbehave(const char *content)
{
    struct frame_answer head = {.magic = FRAME_MAGIC};
    if (strcmp(content, "crash") == 0) {
        (void)raise(SIGKILL); /* As a crash does, but without a sanitizer's report. */
    } else if (strcmp(content, "leave") == 0) {
        _exit(0);
    } else if (strcmp(content, "hang") == 0) {
        for (;;) {
            (void)pause();
        }
    } else if (strcmp(content, "half") == 0) {
        head.bytes = 1000;
        put(&head, sizeof head);
        put("begun", 5);
        _exit(0);
    } else if (strcmp(content, "stall") == 0) {
        head.bytes = 1000;
        put(&head, sizeof head);
        for (;;) {
            (void)pause();
        }
    } else if (strcmp(content, "nonsense") == 0) {
        char noise[sizeof head];
        memset(noise, 0x55, sizeof noise);
        put(noise, sizeof noise);
    } else if (strcmp(content, "boast") == 0) {
        head.bytes = UINT32_MAX;
        put(&head, sizeof head);
    } else if (strcmp(content, "strange") == 0) {
        head.fault = 4711;
        put(&head, sizeof head);
    }
}

int main(void)
{
    struct frame_question question;
    static char content[FRAME_QUESTION_BYTES + 1];
    while (get(&question, sizeof question) && get(content, question.bytes)) {
        content[question.bytes] = 0;
        if (strcmp(content, "good") == 0) {
            char pid[32];
            int count = snprintf(pid, sizeof pid, "%d", (int)getpid());
            answer(FAULT_NONE, pid, (size_t)count);
        } else if (strcmp(content, "long") == 0) {
            char *bytes = calloc(1, LONG_BYTES);
            answer(FAULT_NONE, bytes, LONG_BYTES);
            free(bytes);
        } else if (strcmp(content, "refuse") == 0) {
            const char *why = question.lang == 0 ? "不行" : "no";
            answer(FAULT_INVALID_FIELD, why, strlen(why));
        } else if (strcmp(content, "surroundings") == 0) {
            tell_surroundings();
        } else {
            misbehave(content);
        }
    }
    return 0;
}

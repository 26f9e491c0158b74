#pragma once
/*
 * What goes over the socket between the pool and a worker, both of the same build on one machine:
 * a fixed head and `bytes` bytes after it. One question, one answer, in turn.
 */
#include <stdint.h>

#define FRAME_MAGIC          0x3154444cU /* "LDT1" */
#define FRAME_QUESTION_BYTES (1024 * 1024)
#define FRAME_ANSWER_BYTES   (64 * 1024 * 1024)

struct frame_question {
    uint32_t magic;
    uint32_t format; /* enum typeset_format */
    uint32_t lang;   /* enum lang: of the note, if it fails. */
    uint32_t bytes;  /* Of the content that follows. */
};

struct frame_answer {
    uint32_t magic;
    uint32_t fault; /* FAULT_NONE: the file follows. Else: the note, without a zero byte. */
    uint32_t pages;
    uint32_t bytes;
    char fonts[65];
};

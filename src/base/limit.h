#pragma once
/*
 * All limits in one place. Input beyond one is a fault with a message; code beyond one is a bug.
 * Sizes in bytes unless the name says otherwise.
 */
#define LIMIT_BODY_BYTES           (1024 * 1024)         /* A JSON body. */
#define LIMIT_HEADER_BYTES         (16 * 1024)           /* Request line and header fields. */
#define LIMIT_JSON_DEPTH           32                    /* Nesting of a JSON body. */
#define LIMIT_UPLOAD_BYTES         (200LL * 1024 * 1024) /* One file; --upload-max changes it. */
#define LIMIT_PORTAL_WAITING_BYTES (4LL << 30)   /* All uploads of the public not yet filed. */
#define LIMIT_UPLOAD_FILES         20            /* Files in one upload request. */
#define LIMIT_FILE_NAME_CHARS      200           /* A material's name, in characters. */
#define LIMIT_TEXT_CHARS           20000         /* The longest text fact, in characters. */
#define LIMIT_BODIES               30            /* Bodies that one fact names. */
#define LIMIT_LINE_CHARS           200           /* A one-line fact. */
#define LIMIT_MATERIALS            500           /* Materials of one matter. */
#define LIMIT_LIST_ROWS            100           /* Rows of one page of a list. */
#define LIMIT_FEED_ROWS            1000          /* Events of one page of the feed. */
#define LIMIT_WRITE_QUEUE          1024          /* Waiting write jobs. */
#define LIMIT_WRITE_BATCH          64            /* Jobs of one group commit. */
#define LIMIT_WRITE_RETRIES        5             /* Runs of one job on serialization faults. */
#define LIMIT_RULE_FILE_BYTES      (1024 * 1024) /* One file of a rulebook. */
#define LIMIT_SPAN_COUNT           10000         /* The number in a period like 5wd. */

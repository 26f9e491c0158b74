/*
 * Words for search. A run of Chinese characters gives its overlapping pairs, and its last character
 * alone, so that one character can be found as the beginning of a word; a run of Latin letters and
 * digits gives itself in lower case (full-width forms count as the plain ones). What a person typed
 * gives pairs only: a longer word is a phrase, several words must all be there.
 *
 * PostgreSQL is given finished tsvectors and tsqueries: its own parser depends on the locale of the
 * database, and in locale C it drops Chinese without a word.
 */
#include "store/search.h"

#include "base/buffer.h"
#include "base/text.h"
#include "store/driver.h"

#include <string.h>

enum {
    WORDS_MAX = 20,            /* Typed words that count. */
    WORDS_INDEXED_MAX = 16000, /* PostgreSQL counts places up to 16383: phrases need true places. */
    LATIN_MAX = 64 /* Letters of one Latin word; PostgreSQL refuses words above 2 KiB. */
};

static bool is_chinese(uint32_t c)
{
    return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0x20000 && c <= 0x3FFFF) || c == 0x3007;
}

/* The plain small letter or digit for a Latin letter or digit of any width; 0 for all else. */
static char latin(uint32_t c)
{
    uint32_t plain = c >= 0xFF01 && c <= 0xFF5E ? c - 0xFF01 + '!' : c;
    if (plain >= 'A' && plain <= 'Z') {
        return (char)(plain - 'A' + 'a');
    }
    return (plain >= '0' && plain <= '9') || (plain >= 'a' && plain <= 'z') ? (char)plain : 0;
}

/* One run: where it is, how many bytes, and what kind. */
struct run {
    const char *text;
    size_t bytes;
    bool chinese;
};

static bool next_run(const char **text, struct run *run)
{
    const char *at = *text;
    const char *start = at;
    uint32_t c = text_next(&at);
    while (c != 0 && !is_chinese(c) && latin(c) == 0) {
        start = at;
        c = text_next(&at);
    }
    if (c == 0) {
        return false;
    }
    run->text = start;
    run->chinese = is_chinese(c);
    const char *end = at;
    while (c != 0 && (run->chinese ? is_chinese(c) : latin(c) != 0)) {
        end = at;
        c = text_next(&at);
    }
    run->bytes = (size_t)(end - start);
    *text = end;
    return true;
}

static void add_latin(struct buffer *words, const struct run *run)
{
    const char *at = run->text;
    for (unsigned i = 0; i < LATIN_MAX && at < run->text + run->bytes; i++) {
        buffer_char(words, latin(text_next(&at)));
    }
}

/* The words of one text as the index wants them: "围标 标", or with places "围标:1 标:2". */
struct index {
    struct buffer words;
    unsigned count;
    bool places;
};

static void end_word(struct index *index)
{
    index->count++;
    if (index->places) {
        buffer_printf(&index->words, ":%u", index->count);
    }
    buffer_char(&index->words, ' ');
}

/* The pairs of a Chinese run, and its last character alone. */
static void index_chinese(struct index *index, const struct run *run)
{
    const char *end = run->text + run->bytes;
    for (const char *first = run->text; first < end && index->count < WORDS_INDEXED_MAX;) {
        const char *second = first;
        (void)text_next(&second);
        const char *after = second;
        if (second < end) {
            (void)text_next(&after);
        }
        buffer_add(&index->words, first, (size_t)(after - first));
        end_word(index);
        first = second;
    }
}

static const char *index_words(struct arena *arena, const char *text, bool places)
{
    struct index index = {.places = places};
    buffer_init(&index.words, arena);
    struct run run;
    while (index.count < WORDS_INDEXED_MAX && next_run(&text, &run)) {
        if (run.chinese) {
            index_chinese(&index, &run);
        } else {
            add_latin(&index.words, &run);
            end_word(&index);
        }
    }
    return index.words.data;
}

static bool on_sqlite(const struct store_tx *tx)
{
    return tx->conn->driver->dialect == DIALECT_SQLITE;
}

static enum fault put_on_postgres(struct store_tx *tx, struct ctx *ctx, int64_t id,
                                  const char *words)
{
    return sql_run(tx, ctx,
                   "INSERT INTO matter_words (id, tsv) VALUES ($1, CAST($2 AS tsvector))"
                   " ON CONFLICT (id) DO UPDATE SET tsv = excluded.tsv",
                   SQL_ARGS(sql_int(id), sql_text(words)), NULL);
}

static enum fault put_on_sqlite(struct store_tx *tx, struct ctx *ctx, const struct words *words)
{
    enum fault fault = FAULT_NONE;
    if (words->before != NULL) {
        /* A contentless table forgets a row only if it is told the old words. */
        fault = sql_run(tx, ctx,
                        "INSERT INTO matter_words (matter_words, rowid, words)"
                        " VALUES ('delete', $1, $2)",
                        SQL_ARGS(sql_int(words->id), sql_text(words->before)), NULL);
    }
    return fault == FAULT_NONE
               ? sql_run(tx, ctx, "INSERT INTO matter_words (rowid, words) VALUES ($1, $2)",
                         SQL_ARGS(sql_int(words->id), sql_text(words->now)), NULL)
               : fault;
}

void words_append(struct words_list *list, const struct words_list *more)
{
    if (more->first == NULL) {
        return;
    }
    if (list->last == NULL) {
        list->first = more->first;
    } else {
        list->last->next = more->first;
    }
    list->last = more->last;
}

enum fault store_index(struct ctx *ctx, struct store_tx *tx, const struct words_list *list)
{
    enum fault fault = FAULT_NONE;
    for (const struct words *words = list->first; words != NULL && fault == FAULT_NONE;
         words = words->next) {
        fault = put_on_sqlite(tx, ctx, words);
    }
    return fault;
}

enum fault search_put(struct store_tx *tx, struct ctx *ctx, int64_t id, const char *old_text,
                      const char *text)
{
    const char *now = index_words(ctx->arena, text, !on_sqlite(tx));
    if (!on_sqlite(tx)) {
        return put_on_postgres(tx, ctx, id, now);
    }
    struct words *words = arena_alloc(ctx->arena, sizeof *words);
    words->id = id;
    words->before = old_text == NULL ? NULL : index_words(ctx->arena, old_text, false);
    words->now = now;
    if (tx->late == NULL) {
        return put_on_sqlite(tx, ctx, words);
    }
    words_append(tx->late, &(struct words_list){.first = words, .last = words});
    return FAULT_NONE;
}

const char *search_condition(struct store_tx *tx, struct arena *arena, const char *column,
                             unsigned number)
{
    const char *format = on_sqlite(tx) ? "SELECT rowid FROM matter_words WHERE matter_words MATCH"
                                       : "SELECT id FROM matter_words WHERE tsv @@ CAST(";
    return arena_printf(arena, "%s IN (%s $%u%s)", column, format, number,
                        on_sqlite(tx) ? "" : " AS tsquery)");
}

static bool one_character(const struct run *run)
{
    const char *at = run->text;
    (void)text_next(&at);
    return (size_t)(at - run->text) == run->bytes;
}

/* A Chinese word of two characters or more: its pairs one after the other. */
static void add_phrase(struct buffer *query, const struct run *run, bool sqlite)
{
    const char *end = run->text + run->bytes;
    const char *first = run->text;
    const char *second = first;
    (void)text_next(&second);
    buffer_text(query, sqlite ? "\"" : "(");
    for (bool begun = false; second < end; begun = true) {
        const char *after = second;
        (void)text_next(&after);
        buffer_text(query, !begun ? "" : sqlite ? " " : " <-> ");
        buffer_add(query, first, (size_t)(after - first));
        first = second;
        second = after;
    }
    buffer_text(query, sqlite ? "\"" : ")");
}

/* One typed word in the database's own query language; only letters ever reach it. */
static void add_query(struct buffer *query, const struct run *run, bool sqlite)
{
    if (run->chinese && !one_character(run)) {
        add_phrase(query, run, sqlite);
        return;
    }
    buffer_text(query, sqlite ? "\"" : "");
    if (run->chinese) {
        buffer_add(query, run->text, run->bytes);
    } else {
        add_latin(query, run);
    }
    buffer_text(query, sqlite ? "\"*" : ":*");
}

const char *search_words(struct store_tx *tx, struct arena *arena, const char *typed)
{
    struct buffer query;
    buffer_init(&query, arena);
    struct run run;
    unsigned count = 0;
    while (next_run(&typed, &run) && count < WORDS_MAX) {
        buffer_text(&query, count == 0 ? "" : on_sqlite(tx) ? " AND " : " & ");
        add_query(&query, &run, on_sqlite(tx));
        count++;
    }
    return count == 0 ? NULL : query.data;
}

/*
 * Words for search. A run of Chinese characters gives its overlapping pairs, and its last character
 * alone, so that one character can be found as the beginning of a word; a run of Latin letters and
 * digits gives itself in lower case. What a person typed gives pairs only: a longer word is a
 * phrase, several words must all be there.
 */
#include "store/search.h"

#include "base/buffer.h"
#include "base/text.h"
#include "store/driver.h"

#include <string.h>

enum { WORDS_MAX = 20 };

static bool is_chinese(uint32_t c)
{
    return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0x20000 && c <= 0x3FFFF) || c == 0x3007;
}

static bool is_latin(uint32_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
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
    while (c != 0 && !is_chinese(c) && !is_latin(c)) {
        start = at;
        c = text_next(&at);
    }
    if (c == 0) {
        return false;
    }
    run->text = start;
    run->chinese = is_chinese(c);
    const char *end = at;
    while (c != 0 && (run->chinese ? is_chinese(c) : is_latin(c))) {
        end = at;
        c = text_next(&at);
    }
    run->bytes = (size_t)(end - start);
    *text = end;
    return true;
}

static void add_latin(struct buffer *words, const struct run *run)
{
    for (size_t i = 0; i < run->bytes; i++) {
        char c = run->text[i];
        buffer_char(words, (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c));
    }
}

/* The pairs of a Chinese run, separated as asked; with `tail` the last character alone too. */
static unsigned add_pairs(struct buffer *words, const struct run *run, const char *quote,
                          const char *between, bool tail)
{
    const char *end = run->text + run->bytes;
    const char *first = run->text;
    unsigned count = 0;
    while (first < end) {
        const char *second = first;
        (void)text_next(&second);
        const char *after = second;
        if (second < end) {
            (void)text_next(&after);
        }
        if (second < end || tail) {
            buffer_text(words, count == 0 ? "" : between);
            buffer_text(words, quote);
            buffer_add(words, first, (size_t)(after - first));
            buffer_text(words, quote);
            count++;
        }
        first = second;
    }
    return count;
}

static const char *index_words(struct arena *arena, const char *text)
{
    struct buffer words;
    buffer_init(&words, arena);
    struct run run;
    while (next_run(&text, &run)) {
        if (words.count > 0) {
            buffer_char(&words, ' ');
        }
        if (run.chinese) {
            (void)add_pairs(&words, &run, "", " ", true);
        } else {
            add_latin(&words, &run);
        }
    }
    return words.data;
}

static bool on_sqlite(const struct store_tx *tx)
{
    return tx->conn->driver == &driver_sqlite;
}

enum fault search_put(struct store_tx *tx, struct ctx *ctx, int64_t id, const char *old_text,
                      const char *text)
{
    const char *words = index_words(ctx->arena, text);
    if (!on_sqlite(tx)) {
        return sql_run(tx, ctx,
                       "INSERT INTO matter_words (id, tsv) VALUES ($1, to_tsvector('simple', $2))"
                       " ON CONFLICT (id) DO UPDATE SET tsv = excluded.tsv",
                       SQL_ARGS(sql_int(id), sql_text(words)), NULL);
    }
    enum fault fault = FAULT_NONE;
    if (old_text != NULL) {
        /* A contentless table forgets a row only if it is told the old words. */
        fault = sql_run(tx, ctx,
                        "INSERT INTO matter_words (matter_words, rowid, words)"
                        " VALUES ('delete', $1, $2)",
                        SQL_ARGS(sql_int(id), sql_text(index_words(ctx->arena, old_text))), NULL);
    }
    return fault == FAULT_NONE
               ? sql_run(tx, ctx, "INSERT INTO matter_words (rowid, words) VALUES ($1, $2)",
                         SQL_ARGS(sql_int(id), sql_text(words)), NULL)
               : fault;
}

const char *search_condition(struct store_tx *tx, struct arena *arena, const char *column,
                             unsigned number)
{
    const char *format = on_sqlite(tx)
                             ? "SELECT rowid FROM matter_words WHERE matter_words MATCH"
                             : "SELECT id FROM matter_words WHERE tsv @@ to_tsquery('simple',";
    return arena_printf(arena, "%s IN (%s $%u%s)", column, format, number,
                        on_sqlite(tx) ? "" : ")");
}

static bool one_character(const struct run *run)
{
    const char *at = run->text;
    (void)text_next(&at);
    return (size_t)(at - run->text) == run->bytes;
}

/* One typed word in the database's own query language; only letters ever reach it. */
static void add_query(struct buffer *query, const struct run *run, bool sqlite)
{
    const char *quote = sqlite ? "" : "'";
    if (run->chinese && !one_character(run)) {
        buffer_text(query, sqlite ? "\"" : "(");
        (void)add_pairs(query, run, quote, sqlite ? " " : " <-> ", false);
        buffer_text(query, sqlite ? "\"" : ")");
        return;
    }
    buffer_text(query, sqlite ? "\"" : "'");
    if (run->chinese) {
        buffer_add(query, run->text, run->bytes);
    } else {
        add_latin(query, run);
    }
    buffer_text(query, sqlite ? "\"*" : "':*");
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

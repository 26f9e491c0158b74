/* Writes the matter's row, its searched words, and the event. */
#include "base/id.h"
#include "base/random.h"
#include "calendar/date.h"
#include "matter/record.h"
#include "store/search.h"

#include <assert.h>
#include <string.h>

static const char *title_of(const struct matter *matter)
{
    for (size_t i = 0; i < matter->procedure->facts_count; i++) {
        if (matter->procedure->facts[i].title && matter->facts[i].value != NULL) {
            return matter->facts[i].value;
        }
    }
    return matter->procedure->label.zh;
}

static const char *words_of(struct performing *p)
{
    struct buffer words;
    buffer_init(&words, p->ctx->arena);
    buffer_text(&words, p->matter->reference);
    for (size_t i = 0; i < p->matter->procedure->facts_count; i++) {
        const struct rules_fact *fact = &p->matter->procedure->facts[i];
        const char *value = p->matter->facts[i].value;
        if (fact->secrecy == SECRECY_OPEN && (fact->search || fact->title) && value != NULL) {
            buffer_char(&words, '\n');
            buffer_text(&words, value);
        }
    }
    return words.data;
}

/*
 * TS20210917-7K3FQ: not a counter, because a counter's row would queue all starts behind one lock.
 * The characters leave out what is easily misread. Two of one day that are equal meet in the unique
 * index, and the writer runs the second again.
 */
static const char *make_reference(const struct performing *p)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    char tail[6] = {0};
    uint32_t random = random_below(1u << 25);
    for (int i = 0; i < 5; i++) {
        tail[i] = alphabet[random >> 5 * i & 31];
    }
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    date_split(date_of_ms(p->ctx->now_ms), &year, &month, &day);
    return arena_printf(p->ctx->arena, "%s%04d%02u%02u-%s", p->matter->procedure->prefix, year,
                        month, day, tail);
}

static struct sql_value int_or_null(int64_t value)
{
    return value == 0 ? sql_null() : sql_int(value);
}

static enum fault insert_row(struct performing *p)
{
    const struct matter *m = p->matter;
    return sql_run(
        p->tx, p->ctx,
        "INSERT INTO matter (region, id, reference, procedure, edition, state, final, holder, "
        "title,"
        " version, restricted, parent, opened_by, created_ms, updated_ms, happened_ms, closed_ms,"
        " due_ms, words, self_filed, paused, code_mac, standing) VALUES ($1, $2, $3, $4, $5, $6,"
        " $7, $8, $9, 1, $10, $11, $12, $13, $13, $14, $15, $16, $17, $18, $19, $20, $21)",
        SQL_ARGS(sql_int(p->office->region), sql_int(m->id), sql_text(m->reference),
                 sql_text(m->procedure->code), sql_text(m->edition), sql_text(m->state->code),
                 sql_int(m->state->final ? 1 : 0), sql_text(m->holder), sql_text(m->title),
                 sql_int(m->restricted ? 1 : 0), int_or_null(p->opened_parent),
                 sql_text(p->opened_by), sql_int(m->created_ms), sql_int(m->happened_ms),
                 int_or_null(m->closed_ms), int_or_null(m->due_ms), sql_text(m->words),
                 sql_int(m->self_filed ? 1 : 0), sql_int(m->paused ? 1 : 0),
                 p->code_mac == NULL ? sql_null() : sql_blob(p->code_mac, DIGEST_BYTES),
                 sql_int(m->procedure->standing ? 1 : 0)),
        NULL);
}

static enum fault update_row(struct performing *p)
{
    const struct matter *m = p->matter;
    int64_t changed = 0;
    enum fault fault = sql_run(
        p->tx, p->ctx,
        "UPDATE matter SET state = $3, final = $4, holder = $5, title = $6, updated_ms = $7,"
        " happened_ms = $8, closed_ms = $9, due_ms = $10, words = $11, paused = $12"
        " WHERE region = $1 AND id = $2",
        SQL_ARGS(sql_int(p->office->region), sql_int(m->id), sql_text(m->state->code),
                 sql_int(m->state->final ? 1 : 0), sql_text(m->holder), sql_text(m->title),
                 sql_int(m->updated_ms), sql_int(m->happened_ms), int_or_null(m->closed_ms),
                 int_or_null(m->due_ms), sql_text(m->words), sql_int(m->paused ? 1 : 0)),
        &changed);
    assert(fault != FAULT_NONE || changed == 1);
    return fault;
}

enum fault record_save(struct performing *p)
{
    struct matter *m = p->matter;
    m->reference = p->from == NULL ? make_reference(p) : m->reference;
    const char *old_words = m->words;
    m->title = title_of(m);
    m->words = words_of(p);
    m->updated_ms = p->ctx->now_ms;
    m->happened_ms = p->happened_ms > m->happened_ms ? p->happened_ms : m->happened_ms;
    m->closed_ms = m->state->final ? p->ctx->now_ms : 0;
    enum fault fault = p->from == NULL ? insert_row(p) : update_row(p);
    if (fault == FAULT_NONE && (p->from == NULL || strcmp(old_words, m->words) != 0)) {
        fault = search_put(p->tx, p->ctx, m->id, p->from == NULL ? NULL : old_words, m->words);
    }
    return fault;
}

/* Who took which part in this event: so the record tells everything about the matter. */
static void put_new_parties(const struct performing *p, struct json_writer *json)
{
    json_key(json, "parties");
    json_open(json);
    for (size_t i = 0; i < p->matter->procedure->parties_count; i++) {
        const struct org *org = p->matter->parties[i];
        if (org != NULL && org != p->parties_before[i]) {
            json_put_text(json, p->matter->procedure->parties[i].code, org->code);
        }
    }
    json_close(json);
}

static const char *event_json(struct performing *p)
{
    struct buffer text;
    struct json_writer json;
    buffer_init(&text, p->ctx->arena);
    json_writer_init(&json, &text);
    json_open(&json);
    json_key(&json, "facts");
    json_close(&p->body.facts_json);
    json_raw(&json, p->body.facts.data);
    json_key(&json, "materials");
    json_end(&p->body.materials_json);
    json_raw(&json, p->body.materials.data);
    json_key(&json, "clocks");
    json_end(&p->body.clocks_json);
    json_raw(&json, p->body.clocks.data);
    json_key(&json, "children");
    json_end(&p->body.children_json);
    json_raw(&json, p->body.children.data);
    papers_note(p, &json);
    figures_note(p, &json);
    put_new_parties(p, &json);
    json_close(&json);
    return text.data;
}

enum fault record_event(struct performing *p)
{
    const struct actor *actor = p->ctx->actor;
    p->event = id_make(p->ctx->now_ms);
    return sql_run(p->tx, p->ctx,
                   "INSERT INTO event (region, id, number, matter, version, action, org, account,"
                   " recorded_ms, happened_ms, from_state, to_state, body)"
                   " VALUES ($1, $2, NULL, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                   SQL_ARGS(sql_int(p->office->region), sql_int(p->event), sql_int(p->matter->id),
                            sql_int(p->matter->version), sql_text(p->action->code),
                            sql_text(actor->org == NULL ? NULL : actor->org->code),
                            int_or_null(actor->account), sql_int(p->ctx->now_ms),
                            sql_int(p->happened_ms),
                            sql_text(p->from == NULL ? NULL : p->from->code),
                            sql_text(p->matter->state->code), sql_text(event_json(p))),
                   NULL);
}

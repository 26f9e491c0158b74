/*
 * Issuing a paper, in the transaction of its action: composed, numbered, digested, written. The
 * number comes from a counter's row in the same transaction: it is locked from here to the commit,
 * so a refused or failed action leaves no gap, and on PostgreSQL those that issue the same kind of
 * paper of one body wait for one another, and for no one else.
 */
#include "base/bell.h"
#include "base/id.h"
#include "base/random.h"
#include "base/text.h"
#include "calendar/date.h"
#include "matter/paper_inner.h"

#include <string.h>

struct numbered {
    const char *word; /* 曾公监移; NULL: no number. */
    int64_t year, seq;
    const char *text;
};

static int64_t year_of(int64_t time_ms)
{
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    date_split(date_of_ms(time_ms), &year, &month, &day);
    return year;
}

static enum fault next_number(const struct composing *c, struct numbered *ret_number)
{
    struct ctx *ctx = c->p->ctx;
    *ret_number = (struct numbered){.year = year_of(ctx->now_ms)};
    if (c->rule->word == NULL) {
        return FAULT_NONE;
    }
    ret_number->word = arena_printf(ctx->arena, "%s%s", c->org->paper_word, c->rule->word);
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_one(c->p->tx, ctx,
                               "INSERT INTO paper_counter (region, org, word, year, last)"
                               " VALUES ($1, $2, $3, $4, 1) ON CONFLICT (region, org, word, year)"
                               " DO UPDATE SET last = paper_counter.last + 1 RETURNING last",
                               SQL_ARGS(sql_int(c->p->office->region), sql_text(c->org->code),
                                        sql_text(ret_number->word), sql_int(ret_number->year)),
                               &rows);
    if (fault == FAULT_NONE) {
        ret_number->seq = sql_column_int(rows, 0);
        ret_number->text = arena_printf(ctx->arena, "%s〔%lld〕%lld号", ret_number->word,
                                        (long long)ret_number->year, (long long)ret_number->seq);
    }
    return fault;
}

/* 128 random bits in Crockford's base 32, without I, L, O, U. */
static const char *make_check(struct arena *arena)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    char text[PAPER_CHECK_TEXT] = {0};
    uint8_t bytes[16];
    unsigned bits = 0;
    unsigned held = 0;
    size_t count = 0;
    random_bytes(bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        held = held << 8 | bytes[i];
        for (bits += 8; bits >= 5; bits -= 5) {
            text[count++] = alphabet[held >> (bits - 5) & 31];
        }
    }
    text[count] = alphabet[held << (5 - bits) & 31];
    return arena_text(arena, text);
}

struct made {
    int64_t id;
    struct numbered number;
    const char *check;
    char sha256[DIGEST_HEX], sm3[DIGEST_HEX];
    struct vault_box box;
};

static struct sql_value int_or_null(int64_t value)
{
    return value == 0 ? sql_null() : sql_int(value);
}

/* What another body's action brings about here, the program issues. */
static int64_t issuing_account(const struct composing *c)
{
    const struct actor *actor = c->p->ctx->actor;
    return actor->org == c->org ? actor->account : 0;
}

/* A new row, or a draft becomes the paper: who drafted and approved it stays with it. */
static enum fault save_paper(const struct composing *c, const struct made *made)
{
    const struct performing *p = c->p;
    const struct numbered *number = &made->number;
    return sql_run(
        p->tx, p->ctx,
        "INSERT INTO paper (region, id, matter, code, action, org, state, nonce, box, number, word,"
        " year, seq, content_sha256, content_sm3, check_code, pdf, next_try_ms, issued_ms,"
        " issued_by, to_org) VALUES ($1, $2, $3, $4, $5, $6, 'issued', $7, $8, $9, $10, $11, $12,"
        " $13, $14, $15, 'waiting', $16, $16, $17, $18)"
        " ON CONFLICT (region, id) DO UPDATE SET state = excluded.state, nonce = excluded.nonce,"
        " box = excluded.box, number = excluded.number, word = excluded.word,"
        " year = excluded.year, seq = excluded.seq, content_sha256 = excluded.content_sha256,"
        " content_sm3 = excluded.content_sm3, check_code = excluded.check_code,"
        " pdf = excluded.pdf, next_try_ms = excluded.next_try_ms,"
        " issued_ms = excluded.issued_ms, issued_by = excluded.issued_by,"
        " to_org = excluded.to_org",
        SQL_ARGS(sql_int(p->office->region), sql_int(made->id), sql_int(p->matter->id),
                 sql_text(c->rule->code), sql_text(p->action->code), sql_text(c->org->code),
                 sql_blob(made->box.nonce, made->box.nonce_bytes),
                 sql_blob(made->box.box, made->box.box_bytes), sql_text(number->text),
                 sql_text(number->word), sql_int(number->year), int_or_null(number->seq),
                 sql_text(made->sha256), sql_text(made->sm3), sql_text(made->check),
                 sql_int(p->ctx->now_ms), int_or_null(issuing_account(c)),
                 sql_text(paper_to_org(c))),
        NULL);
}

static void put_account(struct json_writer *json, const char *key, int64_t account)
{
    char id[ID_TEXT];
    if (account != 0) {
        id_format(account, id);
        json_put_text(json, key, id);
    }
}

/* What the event says of it: accounts by id, names are looked up when it is read. */
static void note_paper(const struct composing *c, const struct made *made)
{
    struct performing *p = c->p;
    struct buffer text;
    struct json_writer json;
    char id[ID_TEXT];
    id_format(made->id, id);
    buffer_init(&text, p->ctx->arena);
    json_writer_init(&json, &text);
    json_open(&json);
    json_put_text(&json, "id", id);
    json_put_text(&json, "code", c->rule->code);
    json_put_text(&json, "number", made->number.text);
    json_put_text(&json, "content_sha256", made->sha256);
    if (p->draft != NULL) {
        put_account(&json, "drafted_by", p->draft->drafted.account);
        put_account(&json, "approved_by", p->draft->approved.account);
    }
    json_close(&json);
    p->papers_json = arena_printf(p->ctx->arena, "[%s]", text.data);
}

/*
 * A body that is no user of the system writes its own papers; what others record of it makes none.
 * The program's own actions issue in the name of the part they belong to.
 */
static const struct org *issuing_body(const struct performing *p, const struct rules_paper *rule)
{
    const struct org *org = p->matter->parties[rule->issuer->index];
    bool own = p->by_effect || p->ctx->actor->kind == ACTOR_SYSTEM || p->ctx->actor->org == org;
    return org != NULL && org->user && own ? org : NULL;
}

static enum fault write_paper(const struct composing *c, struct made *made, const char *title,
                              const char *content)
{
    struct performing *p = c->p;
    struct digest digest;
    made->check = make_check(p->ctx->arena);
    /* With the code, which only readers of the paper have: the digest stands in the event, and a
     * name in an else known text could be found by trying. */
    const char *digested = arena_printf(p->ctx->arena, "%s\n%s", content, made->check);
    digest_of(digested, strlen(digested), &digest);
    text_hex(digest.sha256, DIGEST_BYTES, made->sha256);
    text_hex(digest.sm3, DIGEST_BYTES, made->sm3);
    made->id = p->draft == NULL ? id_make(p->ctx->now_ms) : p->draft->id;
    made->box = paper_close(p->ctx, p->office, p->matter->id, made->id,
                            paper_text_issued(p->ctx->arena, title, content));
    enum fault fault = save_paper(c, made);
    if (fault == FAULT_NONE) {
        note_paper(c, made);
        if (p->office->paper_bell != NULL) {
            bell_mark(p->office->paper_bell);
        }
    }
    return fault;
}

/* A preview must never stay, whatever the rulebook says. */
static enum fault refuse_none(const struct performing *p)
{
    return ctx_fail(p->ctx, FAULT_RULE_REFUSED, "This action issues no paper of your body.",
                    "此操作不以本单位名义制发公文。");
}

enum fault papers_issue(struct performing *p)
{
    const struct rules_paper *rule = p->action->paper;
    const struct org *org = rule == NULL ? NULL : issuing_body(p, rule);
    if (org == NULL) {
        return p->preview == NULL && p->draft == NULL ? FAULT_NONE : refuse_none(p);
    }
    struct composing c = {.p = p, .rule = rule, .org = org};
    struct made made = {.id = 0};
    enum fault fault = p->preview == NULL ? next_number(&c, &made.number) : FAULT_NONE;
    c.number = made.number.text;
    const char *title = NULL;
    const char *content = NULL;
    if (fault == FAULT_NONE) {
        fault = paper_compose(&c, &title, &content);
    }
    if (fault == FAULT_NONE && p->preview != NULL) {
        *p->preview = content;
        return FAULT_RULE_REFUSED; /* Rolls everything back: it was only to be seen. */
    }
    return fault == FAULT_NONE ? write_paper(&c, &made, title, content) : fault;
}

void papers_note(struct performing *p, struct json_writer *json)
{
    if (p->papers_json != NULL) {
        json_key(json, "papers");
        json_raw(json, p->papers_json);
    }
}

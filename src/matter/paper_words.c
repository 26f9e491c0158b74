/* The words of a paper: values as people write them in an official paper, always in Chinese. */
#include "calendar/date.h"
#include "matter/paper_inner.h"

#include <assert.h>
#include <string.h>

static const char *minute_words(struct arena *arena, int64_t time_ms)
{
    char text[MINUTE_TEXT];
    minute_format(time_ms, text);
    return arena_printf(arena, "%s%d时%.2s分", date_words(arena, date_of_ms(time_ms)),
                        (text[11] - '0') * 10 + text[12] - '0', text + 14);
}

static const char *date_value(struct arena *arena, const char *value)
{
    int32_t date = 0;
    return date_parse(value, &date) ? date_words(arena, date) : value;
}

static const char *minute_value(struct arena *arena, const char *value)
{
    int64_t time_ms = 0;
    return minute_parse(value, &time_ms) ? minute_words(arena, time_ms) : value;
}

static const char *org_words(const struct org *org, const char *fallback)
{
    return org == NULL ? fallback : org->name.zh;
}

/* The name of one code of a list. */
typedef const char *code_words(const struct composing *c, const struct rules_fact *fact,
                               const char *code);

static const char *term_words(const struct composing *c, const struct rules_fact *fact,
                              const char *code)
{
    (void)c;
    const struct rules_term *term = rules_term(fact->vocabulary, code);
    return term == NULL ? code : term->label.zh;
}

static const char *body_words(const struct composing *c, const struct rules_fact *fact,
                              const char *code)
{
    (void)fact;
    return org_words(directory_org(c->p->office->directory, code), code);
}

/* "a,b" by their names, joined as Chinese lists are. */
static const char *list_words(const struct composing *c, const struct rules_fact *fact,
                              const char *value, code_words *words)
{
    struct buffer text;
    buffer_init(&text, c->p->ctx->arena);
    while (*value != 0) {
        size_t length = strcspn(value, ",");
        buffer_text(&text, text.count == 0 ? "" : "、");
        buffer_text(&text, words(c, fact, arena_bytes(c->p->ctx->arena, value, length)));
        value += length + (value[length] == ',' ? 1 : 0);
    }
    return text.data;
}

static const char *value_words(const struct composing *c, const struct rules_fact *fact,
                               const char *value)
{
    struct arena *arena = c->p->ctx->arena;
    switch (fact->type) {
    case FACT_DATE:
        return date_value(arena, value);
    case FACT_MINUTE:
        return minute_value(arena, value);
    case FACT_MONEY:
        return arena_printf(arena, "%s元", value);
    case FACT_FLAG:
        return strcmp(value, "true") == 0 ? "是" : "否";
    case FACT_TERM:
    case FACT_TERMS:
        return list_words(c, fact, value, term_words);
    case FACT_BODY:
    case FACT_BODIES:
        return list_words(c, fact, value, body_words);
    default:
        return value;
    }
}

static enum fault missing(const struct composing *c, const struct label *label)
{
    return ctx_fail(c->p->ctx, FAULT_RULE_REFUSED, "The paper can not be made: %s is missing.",
                    "公文无法生成：缺少%s。", label_text(label, c->p->ctx->lang));
}

/* The templates were checked: whoever reads the paper may read the fact. */
static enum fault fact_words(const struct composing *c, const struct rules_fact *fact,
                             const char **ret_text)
{
    const struct fact_value *value = &c->p->matter->facts[fact->index];
    const char *text = value->value;
    if (!value->set) {
        return missing(c, &fact->label);
    }
    if (text == NULL) {
        enum fault fault = vault_open(c->p->ctx, c->p->office, c->p->matter, fact, &text);
        if (fault != FAULT_NONE) {
            return fault;
        }
    }
    *ret_text = value_words(c, fact, text);
    return FAULT_NONE;
}

static const char *member_names(const struct composing *c, const struct members *members)
{
    struct buffer text;
    buffer_init(&text, c->p->ctx->arena);
    for (size_t i = 0; i < members->count; i++) {
        buffer_text(&text, i == 0 ? "" : "、");
        buffer_text(&text, members->orgs[i]->name.zh);
    }
    return members->count == 0 ? NULL : text.data;
}

const char *paper_party_names(const struct composing *c, const struct rules_party *party)
{
    const struct matter *matter = c->p->matter;
    const struct org *org = matter->parties[party->index];
    if (party->many) {
        return member_names(c, &matter->members[party->index]);
    }
    /* The public has no name of its own: it is called by its part, 投诉人. */
    return org != NULL && org->kind == ORG_PUBLIC ? party->label.zh : org_words(org, NULL);
}

static enum fault party_words(const struct composing *c, const struct rules_party *party,
                              const char **ret_text)
{
    *ret_text = paper_party_names(c, party);
    return *ret_text == NULL ? missing(c, &party->label) : FAULT_NONE;
}

/* The newest clock of the kind: an action that opens it has done so by now. */
static enum fault due_words(const struct composing *c, const struct rules_deadline *rule,
                            const char **ret_text)
{
    const struct matter *matter = c->p->matter;
    for (size_t i = matter->clocks_count; i > 0; i--) {
        const struct clock *clock = &matter->clocks[i - 1];
        if (clock->rule == rule) {
            bool hours = clock->within.count > 0 && clock->within.unit == SPAN_HOUR;
            *ret_text = hours ? minute_words(c->p->ctx->arena, clock->due_ms)
                              : date_words(c->p->ctx->arena, clock->due_date);
            return FAULT_NONE;
        }
    }
    return missing(c, &rule->label);
}

static enum fault parent_words(const struct composing *c, const char **ret_text)
{
    static const struct label label = {"上级事项编号", "the reference of the matter it came from"};
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_query(c->p->tx, c->p->ctx, "SELECT reference FROM matter WHERE region = $1 AND id = $2",
                  SQL_ARGS(sql_int(c->p->office->region), sql_int(c->p->matter->parent)), &rows);
    if (fault == FAULT_NONE && sql_next(rows)) {
        *ret_text = arena_text(c->p->ctx->arena, sql_column_text(rows, 0));
        return FAULT_NONE;
    }
    fault = fault == FAULT_NONE ? sql_fault(rows) : fault;
    return fault == FAULT_NONE ? missing(c, &label) : fault;
}

static enum fault signer_words(const struct composing *c, enum piece_kind kind,
                               const char **ret_text)
{
    struct signature sender;
    struct signature receiver;
    enum fault fault = receipt_signers(c->p, &sender, &receiver);
    if (fault != FAULT_NONE) {
        return fault;
    }
    bool by_sender = kind == PIECE_SENT_BY || kind == PIECE_SENT_AT;
    const struct signature *signature = by_sender ? &sender : &receiver;
    bool when = kind == PIECE_SENT_AT || kind == PIECE_RECEIVED_AT;
    *ret_text = when ? minute_words(c->p->ctx->arena, signature->time_ms) : signature->name;
    return FAULT_NONE;
}

static enum fault piece_words(const struct composing *c, const struct rules_piece *piece,
                              const char **ret_text)
{
    switch (piece->kind) {
    case PIECE_TEXT:
        *ret_text = piece->text;
        return FAULT_NONE;
    case PIECE_FACT:
        return fact_words(c, piece->fact, ret_text);
    case PIECE_PARTY:
        return party_words(c, piece->party, ret_text);
    case PIECE_DUE:
        return due_words(c, piece->deadline, ret_text);
    case PIECE_TODAY:
        *ret_text = date_words(c->p->ctx->arena, date_of_ms(c->p->ctx->now_ms));
        return FAULT_NONE;
    case PIECE_REFERENCE:
        *ret_text = c->p->matter->reference == NULL ? "" : c->p->matter->reference;
        return FAULT_NONE;
    case PIECE_PARENT:
        return parent_words(c, ret_text);
    case PIECE_NUMBER:
        *ret_text = c->number == NULL ? "" : c->number;
        return FAULT_NONE;
    case PIECE_ISSUER:
        *ret_text = c->org->name.zh;
        return FAULT_NONE;
    default:
        return signer_words(c, piece->kind, ret_text);
    }
}

enum fault paper_wording(const struct composing *c, const struct rules_wording *wording,
                         const char **ret_text)
{
    struct buffer text;
    buffer_init(&text, c->p->ctx->arena);
    enum fault fault = FAULT_NONE;
    for (size_t i = 0; i < wording->count && fault == FAULT_NONE; i++) {
        const char *words = "";
        fault = piece_words(c, &wording->pieces[i], &words);
        buffer_text(&text, words);
    }
    *ret_text = text.data == NULL ? "" : text.data;
    return fault;
}

enum fault paper_addressee(const struct composing *c, const char **ret_text)
{
    *ret_text = NULL;
    if (c->rule->to_party != NULL) {
        return party_words(c, c->rule->to_party, ret_text);
    }
    if (c->rule->to_holder) {
        static const struct label label = {"承办单位", "a body that must act"};
        const struct org *org = directory_org(c->p->office->directory, c->p->matter->holder);
        *ret_text = org == NULL || org->kind == ORG_PUBLIC ? NULL : org->name.zh;
        return *ret_text == NULL ? missing(c, &label) : FAULT_NONE;
    }
    return c->rule->to_fact == NULL ? FAULT_NONE : fact_words(c, c->rule->to_fact, ret_text);
}

const char *paper_to_org(const struct composing *c)
{
    const struct matter *matter = c->p->matter;
    const struct rules_fact *fact = c->rule->to_fact;
    if (c->rule->to_holder) {
        return matter->holder;
    }
    if (c->rule->to_party != NULL) {
        return party_org_code(matter, c->rule->to_party);
    }
    return fact != NULL && fact->type == FACT_BODY ? matter->facts[fact->index].value : NULL;
}

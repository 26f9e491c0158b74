/*
 * The outbox.
 *
 *   message (mail = 0) --gather--> waiting --claim--> sending --+-> sent
 *                                     ^                         |-> bounced (the address), failed
 *                                     +------ later, at most TRIES_MAX times
 */
#include "base/id.h"
#include "base/text.h"
#include "job/mail_inner.h"
#include "matter/message.h"
#include "store/query.h"
#include "store/sql.h"

#include <assert.h>
#include <string.h>

enum { GATHER_MAX = 200, ROUND_MAX = 100, TRIES_MAX = 8 };
static const int64_t minute_ms = 60000;
/* A claim that was not settled by then belonged to a process that died. */
static const int64_t claim_ms = 600000;

enum fault mail_options_check(struct ctx *ctx, const struct mail_options *options)
{
    bool known = text_starts(options->url, "smtp://") || text_starts(options->url, "smtps://");
    if (!known || strpbrk(options->url, "@ \r\n") != NULL) {
        return ctx_fail(ctx, FAULT_INVALID_FIELD,
                        "--mail-url: smtp://HOST:PORT or smtps://HOST:PORT, without a password.",
                        "--mail-url：应为smtp://主机:端口或smtps://主机:端口，不含口令。");
    }
    if (options->from == NULL || !people_email_good(options->from)) {
        return ctx_fail(ctx, FAULT_INVALID_FIELD, "--mail-from: an e-mail address is expected.",
                        "--mail-from：应为电子邮箱地址。");
    }
    return FAULT_NONE;
}

static int64_t backoff_ms(int64_t tries)
{
    static const int64_t minutes[TRIES_MAX] = {1, 5, 15, 60, 240, 720, 1440, 1440};
    return minutes[tries < 1 ? 0 : tries > TRIES_MAX ? TRIES_MAX - 1 : tries - 1] * minute_ms;
}

/* ---- Gathering ---- */

struct gathering {
    int64_t accounts[GATHER_MAX];
    size_t count;
};

static enum fault find_unmailed(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct gathering *g = arg;
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_query(tx, ctx,
                                 "SELECT DISTINCT account FROM message WHERE region = $1"
                                 " AND mail = 0 LIMIT $2",
                                 SQL_ARGS(sql_int(ctx->actor->region), sql_int(GATHER_MAX)), &rows);
    g->count = 0;
    while (fault == FAULT_NONE && sql_next(rows)) {
        g->accounts[g->count++] = sql_column_int(rows, 0);
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static enum fault gather_one(struct ctx *ctx, struct store_tx *tx, int64_t account)
{
    int64_t id = id_make(ctx->now_ms);
    int64_t changed = 0;
    enum fault fault = sql_run(
        tx, ctx, "UPDATE message SET mail = $3 WHERE region = $1 AND account = $2 AND mail = 0",
        SQL_ARGS(sql_int(ctx->actor->region), sql_int(account), sql_int(id)), &changed);
    if (fault != FAULT_NONE || changed == 0) {
        return fault; /* 0: another process has gathered them. */
    }
    return sql_run(
        tx, ctx,
        "INSERT INTO mail (region, id, account, state, tries, next_try_ms, created_ms)"
        " VALUES ($1, $2, $3, 'waiting', 0, $4, $4)",
        SQL_ARGS(sql_int(ctx->actor->region), sql_int(id), sql_int(account), sql_int(ctx->now_ms)),
        NULL);
}

static enum fault gather_all(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    const struct gathering *g = arg;
    enum fault fault = FAULT_NONE;
    for (size_t i = 0; i < g->count && fault == FAULT_NONE; i++) {
        fault = gather_one(ctx, tx, g->accounts[i]);
    }
    return fault;
}

static enum fault gather(struct ctx *ctx, struct store *store)
{
    struct gathering g = {.count = 0};
    enum fault fault = store_read(store, ctx, find_unmailed, &g);
    return fault == FAULT_NONE && g.count > 0 ? store_write(store, ctx, gather_all, &g) : fault;
}

/* ---- Claiming ---- */

struct waiting {
    int64_t ids[ROUND_MAX];
    size_t count;
};

static enum fault find_waiting(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct waiting *waiting = arg;
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_query(
        tx, ctx,
        "SELECT id FROM mail WHERE region = $1 AND next_try_ms <= $2"
        " AND state IN ('waiting', 'sending') ORDER BY next_try_ms, id"
        " LIMIT $3",
        SQL_ARGS(sql_int(ctx->actor->region), sql_int(ctx->now_ms), sql_int(ROUND_MAX)), &rows);
    waiting->count = 0;
    while (fault == FAULT_NONE && sql_next(rows)) {
        waiting->ids[waiting->count++] = sql_column_int(rows, 0);
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

struct delivery {
    const struct office *office;
    struct letter letter;
    struct answer answer;
    bool claimed;
};

static enum fault claim(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct delivery *d = arg;
    SCOPED(sql_rows) rows = NULL;
    d->claimed = false;
    enum fault fault = sql_query(tx, ctx,
                                 "UPDATE mail SET state = 'sending', tries = tries + 1,"
                                 " next_try_ms = $4 WHERE region = $1 AND id = $2"
                                 " AND state IN ('waiting', 'sending') AND next_try_ms <= $3"
                                 " RETURNING account, tries",
                                 SQL_ARGS(sql_int(ctx->actor->region), sql_int(d->letter.id),
                                          sql_int(ctx->now_ms), sql_int(ctx->now_ms + claim_ms)),
                                 &rows);
    if (fault == FAULT_NONE && sql_next(rows)) {
        d->claimed = true;
        d->letter.account = sql_column_int(rows, 0);
        d->letter.tries = sql_column_int(rows, 1);
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

/* ---- What it says ---- */

/* Who reads it: what he sees now decides what the mail may name. */
static enum fault read_reader(struct ctx *ctx, struct store_tx *tx, struct delivery *d,
                              struct actor *reader)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = sql_query(
        tx, ctx,
        "SELECT a.email, a.org, r.role, a.mail_lang FROM account a LEFT JOIN account_role r"
        " ON r.region = a.region AND r.account = a.id WHERE a.region = $1 AND a.id = $2"
        " AND a.active = 1 AND a.mail = 1 AND a.bounced_ms IS NULL",
        SQL_ARGS(sql_int(ctx->actor->region), sql_int(d->letter.account)), &rows);
    *reader = (struct actor){.kind = ACTOR_ACCOUNT,
                             .region = ctx->actor->region,
                             .account = d->letter.account,
                             .name = ""};
    while (fault == FAULT_NONE && sql_next(rows)) {
        enum role role;
        const char *email = sql_column_text(rows, 0);
        const char *code = sql_column_text(rows, 2);
        d->letter.email = email == NULL ? NULL : arena_text(ctx->arena, email);
        d->letter.org = arena_text(ctx->arena, sql_column_text(rows, 1));
        d->letter.lang = strcmp(sql_column_text(rows, 3), "en") == 0 ? LANG_EN : LANG_ZH;
        reader->org = directory_org(d->office->directory, d->letter.org);
        reader->roles |= code != NULL && role_parse(code, &role) ? 1u << role : 0;
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static const struct rules_deadline *rule_of(const struct office *office,
                                            const struct sql_rows *rows)
{
    const char *edition = sql_column_text(rows, 7);
    const char *code = sql_column_text(rows, 8);
    const struct rulebook *book = edition == NULL ? NULL : office_edition(office, edition);
    const struct rules_procedure *procedure =
        book == NULL ? NULL : rules_procedure(book, sql_column_text(rows, 6));
    return procedure == NULL || code == NULL ? NULL : rules_deadline(procedure, code);
}

static struct label name_of(const struct office *office, const struct sql_rows *rows)
{
    const char *obligor = sql_column_text(rows, 10);
    const char *person = sql_column_text(rows, 11);
    const struct org *org = obligor == NULL ? NULL : directory_org(office->directory, obligor);
    if (person != NULL) {
        return (struct label){person, person};
    }
    return org == NULL ? (struct label){NULL, NULL} : org->short_name;
}

static void add_line(struct ctx *ctx, struct delivery *d, const struct sql_rows *rows)
{
    struct letter *letter = &d->letter;
    struct message_words words = {.created_ms = sql_column_int(rows, 1),
                                  .due_ms = sql_column_int(rows, 2),
                                  .was_due_ms = sql_column_int(rows, 3),
                                  .rule = rule_of(d->office, rows),
                                  .name = name_of(d->office, rows)};
    if (letter->count == sizeof letter->lines / sizeof letter->lines[0] ||
        !message_parse(sql_column_text(rows, 0), &words.kind)) {
        letter->more++;
        return;
    }
    struct clock clock = {.rule = words.rule};
    if (words.rule != NULL) {
        (void)span_parse(sql_column_text(rows, 9), &clock.within);
        words.minute = clock_ends_at_minute(&clock);
    }
    struct label label = message_text(ctx->arena, d->office, &words);
    const char *text = label_text(&label, letter->lang);
    struct letter_line *line = &letter->lines[letter->count++];
    *line = (struct letter_line){.text = text};
    if (!sql_column_null(rows, 4)) {
        char id[ID_TEXT];
        id_format(sql_column_int(rows, 4), id);
        line->text = arena_printf(ctx->arena, letter->lang == LANG_EN ? "%s: %s" : "%s：%s",
                                  sql_column_text(rows, 5), text);
        line->link = arena_printf(ctx->arena, "%s/app/matters/%s", d->office->public_url, id);
    }
}

static enum fault read_lines(struct ctx *ctx, struct store_tx *tx, struct delivery *d,
                             const struct actor *reader)
{
    struct query query;
    query_init(&query, ctx->arena);
    query_add(&query,
              "SELECT n.kind, n.created_ms, n.due_ms, n.was_due_ms, o.id, o.reference,"
              " o.procedure, o.edition, d.code, d.within, d.obligor, a.name FROM message n"
              " LEFT JOIN matter o ON o.region = n.region AND o.id = n.matter"
              " LEFT JOIN deadline d ON d.region = n.region AND d.id = n.deadline"
              " LEFT JOIN account a ON a.region = n.region AND a.id = n.about WHERE n.region = ");
    query_value(&query, sql_int(ctx->actor->region));
    query_add(&query, " AND n.mail > 0 AND n.mail = ");
    query_value(&query, sql_int(d->letter.id));
    query_add(&query, " AND (n.matter IS NULL OR EXISTS (SELECT 1");
    people_visible_one(reader, &query, "n.matter");
    query_add(&query, ")) ORDER BY n.id");
    SCOPED(sql_rows) rows = NULL;
    enum fault fault = query_run(&query, ctx, tx, &rows);
    while (fault == FAULT_NONE && sql_next(rows)) {
        add_line(ctx, d, rows);
    }
    return fault == FAULT_NONE ? sql_fault(rows) : fault;
}

static enum fault read_letter(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct delivery *d = arg;
    struct actor *reader = arena_alloc(ctx->arena, sizeof *reader);
    d->letter.email = NULL;
    d->letter.count = 0;
    d->letter.more = 0;
    enum fault fault = read_reader(ctx, tx, d, reader);
    return fault == FAULT_NONE && d->letter.email != NULL && reader->org != NULL
               ? read_lines(ctx, tx, d, reader)
               : fault;
}

/* ---- Settling ---- */

static enum fault set_state(struct ctx *ctx, struct store_tx *tx, const struct delivery *d,
                            const char *state, int64_t next_try_ms)
{
    const char *error = d->answer.verdict == VERDICT_SENT
                            ? NULL
                            : arena_printf(ctx->arena, "%ld %s", d->answer.code, d->answer.word);
    return sql_run(tx, ctx,
                   "UPDATE mail SET state = $3, next_try_ms = $4, last_error = $5"
                   " WHERE region = $1 AND id = $2 AND state = 'sending'",
                   SQL_ARGS(sql_int(ctx->actor->region), sql_int(d->letter.id), sql_text(state),
                            sql_int(next_try_ms), sql_text(error)),
                   NULL);
}

/* The address is marked, if it was the address, and who keeps the body's accounts is told. */
static enum fault tell_refused(struct ctx *ctx, struct store_tx *tx, const struct delivery *d)
{
    struct message message = {.kind = MESSAGE_MAIL_FAILED,
                              .org = directory_org(d->office->directory, d->letter.org),
                              .roles = 1u << ROLE_ORG_ADMIN,
                              .about = d->letter.account};
    enum fault fault = FAULT_NONE;
    size_t told = 0;
    if (d->answer.verdict == VERDICT_BOUNCED) {
        fault = sql_run(tx, ctx,
                        "UPDATE account SET bounced_ms = $4 WHERE region = $1 AND id = $2"
                        " AND email = $3",
                        SQL_ARGS(sql_int(ctx->actor->region), sql_int(d->letter.account),
                                 sql_text(d->letter.email), sql_int(ctx->now_ms)),
                        NULL);
    }
    return fault == FAULT_NONE ? message_tell(ctx, tx, &message, &told) : fault;
}

static enum fault settle(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    const struct delivery *d = arg;
    enum fault fault = FAULT_NONE;
    switch (d->answer.verdict) {
    case VERDICT_SENT:
        return set_state(ctx, tx, d, "sent", 0);
    case VERDICT_LATER:
        return d->letter.tries >= TRIES_MAX
                   ? set_state(ctx, tx, d, "failed", 0)
                   : set_state(ctx, tx, d, "waiting", ctx->now_ms + backoff_ms(d->letter.tries));
    default:
        fault =
            set_state(ctx, tx, d, d->answer.verdict == VERDICT_BOUNCED ? "bounced" : "failed", 0);
        return fault == FAULT_NONE ? tell_refused(ctx, tx, d) : fault;
    }
}

static void count_answer(struct mail_round *round, enum verdict verdict)
{
    round->sent += verdict == VERDICT_SENT ? 1 : 0;
    round->delayed += verdict == VERDICT_LATER ? 1 : 0;
    round->refused += verdict >= VERDICT_BOUNCED ? 1 : 0;
}

static enum fault deliver(struct ctx *ctx, struct store *store, struct delivery *d,
                          const struct mail_options *options, const atomic_bool *stop,
                          struct mail_round *round)
{
    enum fault fault = store_write(store, ctx, claim, d);
    if (fault != FAULT_NONE || !d->claimed) {
        return fault;
    }
    fault = store_read(store, ctx, read_letter, d);
    if (fault != FAULT_NONE) {
        return fault; /* The claim runs out, and it is tried again. */
    }
    if (d->letter.email == NULL || d->letter.count == 0) {
        /* He wants no mail any more, or sees nothing of it. */
        d->answer = (struct answer){.verdict = VERDICT_LATER, .word = "nothing to send"};
        d->letter.tries = TRIES_MAX;
        return store_write(store, ctx, settle, d);
    }
    struct buffer text;
    buffer_init(&text, ctx->arena);
    mail_compose(d->office, options, &d->letter, ctx->now_ms, &text);
    d->answer = mail_send(options, d->letter.email, &text, stop);
    count_answer(round, d->answer.verdict);
    return store_write(store, ctx, settle, d);
}

enum fault mail_round(struct ctx *ctx, struct store *store, const struct office *office,
                      const struct mail_options *options, const atomic_bool *stop,
                      struct mail_round *ret_round)
{
    const struct actor system = {
        .kind = ACTOR_SYSTEM, .region = office->region, .login = "system", .name = ""};
    const struct actor *before = ctx->actor;
    struct waiting waiting = {.count = 0};
    *ret_round = (struct mail_round){0};
    ctx->actor = &system;
    enum fault fault = gather(ctx, store);
    if (fault == FAULT_NONE) {
        fault = store_read(store, ctx, find_waiting, &waiting);
    }
    for (size_t i = 0; i < waiting.count && fault == FAULT_NONE; i++) {
        struct delivery *d = arena_alloc(ctx->arena, sizeof *d);
        d->office = office;
        d->letter.id = waiting.ids[i];
        if (stop == NULL || !atomic_load(stop)) {
            fault = deliver(ctx, store, d, options, stop, ret_round);
        }
    }
    ctx->actor = before;
    return fault;
}

enum fault job_mail(struct ctx *ctx, struct store *store, const struct office *office,
                    const struct mail_options *options, struct mail_round *ret_round)
{
    return mail_round(ctx, store, office, options, NULL, ret_round);
}

/*
 * liandong rules rehearse DIR --data DATA [--from DAY] [--to DAY] [--json]: what recorded matters
 * would have come to under another rulebook. Nothing is written. Exit status: 0 nothing would have
 * differed, 3 something would have; 1 and 2 as everywhere.
 */
#include "base/id.h"
#include "calendar/date.h"
#include "cli/cli.h"
#include "cli/rules.h"
#include "matter/rehearse.h"

#include <stdio.h>
#include <string.h>

enum { STATUS_DIFFERENT = 3 };

struct telling {
    const struct office *office;
    const struct rulebook *book;
    bool json, first;
};

static const struct label kind_labels[DIFFERENCE_KINDS_COUNT] = {
    [DIFFERENCE_CLOCK_MOVED] = {"期限日期不同", "clock moves"},
    [DIFFERENCE_CLOCK_NEW] = {"增加期限", "new clock"},
    [DIFFERENCE_CLOCK_GONE] = {"不再有此期限", "clock gone"},
    [DIFFERENCE_ELSEWHERE] = {"职责边界指向不同", "competent elsewhere"},
    [DIFFERENCE_REFUSED] = {"该操作将不被允许", "action refused"},
    [DIFFERENCE_STUCK] = {"未办结且无法继续", "open and stuck"},
};
static const char *const kind_codes[DIFFERENCE_KINDS_COUNT] = {
    "clock_moved", "clock_new", "clock_gone", "elsewhere", "refused", "stuck"};

static const struct label verdict_labels[] = {
    [VERDICT_NONE] = {"无", "none"},         [VERDICT_OPEN] = {"未到期", "running"},
    [VERDICT_MET] = {"按时", "on time"},     [VERDICT_LATE] = {"逾期", "late"},
    [VERDICT_LIFTED] = {"已解除", "lifted"}, [VERDICT_PAUSED] = {"中止中", "paused"}};
static const char *const verdict_codes[] = {"none", "open", "met", "late", "lifted", "paused"};

static const struct label refusal_labels[] = {
    [REFUSAL_NONE] = {"", ""},
    [REFUSAL_ACTION] = {"没有此操作", "there is no such action"},
    [REFUSAL_STATE] = {"此状态下不能办理", "not in this state"},
    [REFUSAL_BODY] = {"该单位无权办理", "not by this body"},
    [REFUSAL_FACT] = {"缺少事实", "a fact is missing"},
    [REFUSAL_WHEN] = {"条件不满足", "a condition does not hold"},
    [REFUSAL_CLOCK] = {"期限不能延长", "the clock can not be extended"}};
static const char *const refusal_codes[] = {"", "action", "state", "body", "fact", "when", "clock"};

static const struct label stuck_labels[] = {
    [STUCK_NOT] = {"", ""},
    [STUCK_PROCEDURE] = {"没有此程序", "there is no such procedure"},
    [STUCK_STATE] = {"没有此状态", "there is no such state"},
    [STUCK_WAY] = {"此状态没有可办的出路", "nothing leads out of this state"},
    [STUCK_HOLDER] = {"经办一方没有单位", "nobody has the part that must act"},
    [STUCK_FACT] = {"不再有此事实", "this fact is no longer known"}};
static const char *const stuck_codes[] = {"", "procedure", "state", "no_way", "holder", "fact"};

/* ---- For people ---- */

static const struct label *procedure_label(const struct telling *t, const struct past *past)
{
    const struct rulebook *own = office_edition(t->office, past->edition);
    return &rules_procedure(own, past->procedure)->label;
}

static const char *code_label(struct ctx *ctx, const struct telling *t, const struct past *past,
                              const struct difference *d)
{
    const struct rulebook *books[] = {t->book, office_edition(t->office, past->edition)};
    for (size_t i = 0; i < 2; i++) {
        const struct rules_procedure *p = rules_procedure(books[i], past->procedure);
        const struct rules_deadline *clock = p == NULL ? NULL : rules_deadline(p, d->code);
        const struct rules_action *action = p == NULL ? NULL : rules_action(p, d->code);
        if (d->kind == DIFFERENCE_REFUSED && action != NULL) {
            return arena_printf(ctx->arena, ctx->lang == LANG_EN ? "%s (%s)" : "%s（%s）",
                                label_text(&action->label, ctx->lang), d->code);
        }
        if (d->kind <= DIFFERENCE_CLOCK_GONE && clock != NULL) {
            return arena_printf(ctx->arena, ctx->lang == LANG_EN ? "%s (%s)" : "%s（%s）",
                                label_text(&clock->label, ctx->lang), d->code);
        }
    }
    return d->code;
}

static const char *due_words(struct ctx *ctx, int64_t due_ms, bool hours)
{
    char text[MINUTE_TEXT];
    if (due_ms == 0 || due_ms == INT64_MAX) {
        return "-";
    }
    if (hours) {
        minute_format(due_ms, text);
    } else {
        /* The first moment too late is 24:00 of the last day. */
        date_format(date_of_ms(due_ms - 1), text);
    }
    return arena_text(ctx->arena, text);
}

static void add_words(struct ctx *ctx, struct buffer *text, const struct difference *d)
{
    enum lang lang = ctx->lang;
    char minute[MINUTE_TEXT];
    switch (d->kind) {
    case DIFFERENCE_CLOCK_MOVED:
    case DIFFERENCE_CLOCK_NEW:
    case DIFFERENCE_CLOCK_GONE:
        buffer_printf(text, " [%s] %s → %s, %s → %s", d->obligor == NULL ? "-" : d->obligor,
                      due_words(ctx, d->old_due_ms, d->hours),
                      due_words(ctx, d->new_due_ms, d->hours),
                      label_text(&verdict_labels[d->old_verdict], lang),
                      label_text(&verdict_labels[d->new_verdict], lang));
        return;
    case DIFFERENCE_ELSEWHERE:
        buffer_printf(text, "%s%s: %s → %s", d->by == NULL ? "" : ", ", d->by == NULL ? "" : d->by,
                      d->old_sectors, d->new_sectors);
        return;
    case DIFFERENCE_REFUSED:
        minute_format(d->happened_ms, minute);
        buffer_printf(text, " %s: %s%s%s", minute, label_text(&refusal_labels[d->refusal], lang),
                      d->by == NULL ? "" : ": ", d->by == NULL ? "" : d->by);
        return;
    case DIFFERENCE_STUCK:
        buffer_printf(text, ": %s", label_text(&stuck_labels[d->stuck], lang));
        return;
    case DIFFERENCE_KINDS_COUNT:
        return;
    }
}

static void tell_people(struct ctx *ctx, const struct telling *t, const struct rehearsed *found)
{
    struct buffer text;
    buffer_init(&text, ctx->arena);
    buffer_printf(&text, "%s %s\n", found->past->reference,
                  label_text(procedure_label(t, found->past), ctx->lang));
    for (size_t i = 0; i < found->count; i++) {
        const struct difference *d = &found->differences[i];
        buffer_printf(&text, "    %s: %s", label_text(&kind_labels[d->kind], ctx->lang),
                      code_label(ctx, t, found->past, d));
        add_words(ctx, &text, d);
        buffer_char(&text, '\n');
    }
    (void)fwrite(text.data, 1, text.count, stdout);
}

/* ---- For programs ---- */

static void put_due(struct json_writer *json, const char *key, int64_t due_ms)
{
    if (due_ms == 0 || due_ms == INT64_MAX) {
        json_put_text(json, key, NULL);
    } else {
        json_put_time(json, key, due_ms);
    }
}

static void put_difference(struct json_writer *json, const struct difference *d)
{
    json_open(json);
    json_put_text(json, "kind", kind_codes[d->kind]);
    json_put_text(json, "code", d->code);
    if (d->kind <= DIFFERENCE_CLOCK_GONE) {
        json_put_text(json, "obligor", d->obligor);
        put_due(json, "old_due", d->old_due_ms);
        put_due(json, "new_due", d->new_due_ms);
        json_put_text(json, "old", verdict_codes[d->old_verdict]);
        json_put_text(json, "new", verdict_codes[d->new_verdict]);
    } else if (d->kind == DIFFERENCE_ELSEWHERE) {
        json_put_text(json, "stage", d->by);
        json_put_text(json, "old", d->old_sectors);
        json_put_text(json, "new", d->new_sectors);
    } else if (d->kind == DIFFERENCE_REFUSED) {
        json_put_text(json, "why", refusal_codes[d->refusal]);
        json_put_text(json, "by", d->by);
        json_put_time(json, "time", d->happened_ms);
    } else {
        json_put_text(json, "why", stuck_codes[d->stuck]);
    }
    json_close(json);
}

static void tell_programs(struct ctx *ctx, const struct telling *t, const struct rehearsed *found)
{
    struct buffer text;
    struct json_writer json;
    char id[ID_TEXT];
    buffer_init(&text, ctx->arena);
    json_writer_init(&json, &text);
    id_format(found->past->id, id);
    json_open(&json);
    json_put_text(&json, "id", id);
    json_put_text(&json, "reference", found->past->reference);
    json_put_text(&json, "procedure", found->past->procedure);
    json_put_text(&json, "edition", found->past->edition);
    json_key(&json, "items");
    json_list(&json);
    for (size_t i = 0; i < found->count; i++) {
        put_difference(&json, &found->differences[i]);
    }
    json_end(&json);
    json_close(&json);
    (void)printf("%s%s", t->first ? "" : ",\n", text.data);
}

static enum fault tell(struct ctx *ctx, const struct rehearsed *found, void *arg)
{
    struct telling *t = arg;
    if (t->json) {
        tell_programs(ctx, t, found);
    } else {
        tell_people(ctx, t, found);
    }
    t->first = false;
    return FAULT_NONE;
}

/* ---- The end ---- */

static void sum_up_json(const struct rehearse_summary *s)
{
    (void)printf("],\n\"summary\":{\"matters\":%lld,\"events\":%lld,\"different\":%lld",
                 (long long)s->matters, (long long)s->events, (long long)s->different);
    for (size_t i = 0; i < DIFFERENCE_KINDS_COUNT; i++) {
        (void)printf(",\"%s\":%lld", kind_codes[i], (long long)s->differences[i]);
    }
    (void)printf(",\"newly_late\":%lld,\"no_longer_late\":%lld,\"unknown_edition\":%lld}}\n",
                 (long long)s->newly_late, (long long)s->no_longer_late,
                 (long long)s->unknown_edition);
}

static void sum_up(const struct ctx *ctx, const struct rehearse_summary *s)
{
    bool en = ctx->lang == LANG_EN;
    (void)printf(
        en ? "%lld matters with %lld events rehearsed; %lld would have come out otherwise\n"
           : "已演练%lld件事项（%lld条记录），其中%lld件结果不同\n",
        (long long)s->matters, (long long)s->events, (long long)s->different);
    for (size_t i = 0; i < DIFFERENCE_KINDS_COUNT; i++) {
        if (s->differences[i] > 0) {
            (void)printf("    %s: %lld\n", label_text(&kind_labels[i], ctx->lang),
                         (long long)s->differences[i]);
        }
    }
    (void)printf(en ? "clocks newly late: %lld, no longer late: %lld\n"
                    : "新增逾期：%lld，不再逾期：%lld\n",
                 (long long)s->newly_late, (long long)s->no_longer_late);
    if (s->unknown_edition > 0) {
        (void)printf(en ? "left out, their own edition is not there: %lld\n"
                        : "原规则版本缺失、未能演练：%lld\n",
                     (long long)s->unknown_edition);
    }
}

static enum fault read_day(struct ctx *ctx, const char *flag, const char *text, int32_t *ret_day)
{
    return text == NULL || date_parse(text, ret_day)
               ? FAULT_NONE
               : ctx_fail(ctx, FAULT_INVALID_FIELD, "%s takes a day like 2026-12-01.",
                          "%s 应为日期，如 2026-12-01。", flag);
}

static enum fault read_range(struct ctx *ctx, const struct rules_command *command,
                             struct rehearse_range *ret_range)
{
    int32_t from = date_join(1970, 1, 1);
    int32_t to = date_join(2199, 12, 31);
    enum fault fault = read_day(ctx, "--from", command->from, &from);
    if (fault == FAULT_NONE) {
        fault = read_day(ctx, "--to", command->to, &to);
    }
    *ret_range = (struct rehearse_range){date_start_ms(from), date_start_ms(to + 1)};
    return fault;
}

static enum fault rehearse(struct ctx *ctx, const struct rules_command *command,
                           struct workplace *place, struct rulebook **ret_book,
                           struct rehearse_summary *ret_summary)
{
    struct rehearse_range range;
    enum fault fault = read_range(ctx, command, &range);
    if (fault == FAULT_NONE) {
        fault = rules_load(ctx, command->words[0], ret_book);
    }
    if (fault == FAULT_NONE) {
        fault = rules_open_data(ctx, command, place);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    struct telling telling = {
        .office = &place->office, .book = *ret_book, .json = command->json, .first = true};
    if (command->json) {
        (void)printf("{\"edition\":\"%s\",\"matters\":[", (*ret_book)->edition);
    }
    fault = rehearse_all(ctx, place->store, &place->office, *ret_book, &range, tell, &telling,
                         ret_summary);
    if (fault == FAULT_NONE && command->json) {
        sum_up_json(ret_summary);
    } else if (fault == FAULT_NONE) {
        sum_up(ctx, ret_summary);
    }
    return fault;
}

int rules_rehearse_run(struct ctx *ctx, const struct rules_command *command)
{
    struct workplace place = {.store = NULL};
    struct rulebook *book = NULL;
    struct rehearse_summary summary;
    enum fault fault = rehearse(ctx, command, &place, &book, &summary);
    workplace_close(&place);
    rules_destroy(book);
    if (fault != FAULT_NONE) {
        return cli_failed(ctx, fault);
    }
    return summary.different > 0 ? STATUS_DIFFERENT : 0;
}

/*
 * liandong rules adopt FOLDER --data DIR --from DAY: a new edition of the rulebook takes effect on
 * a day. liandong rules editions --data DIR: which there are, and how many matters run under each.
 * --as-of MINUTE acts as if it were then: for tests.
 */
#include "calendar/date.h"
#include "cli/cli.h"
#include "cli/rules.h"

#include <stdio.h>
#include <string.h>

enum fault rules_open_data(struct ctx *ctx, const struct rules_command *command,
                           struct workplace *ret_place)
{
    *ret_place = (struct workplace){.store = NULL};
    if (command->data_dir == NULL) {
        return ctx_fail(ctx, FAULT_INVALID_FIELD, "--data DIR is needed (made by liandong init).",
                        "需要 --data 目录（由 liandong init 建立）。");
    }
    struct workplace_options options = {.data_dir = command->data_dir,
                                        .store_url = command->store_url};
    return workplace_open(ctx, &options, ret_place);
}

/* The whole check, stories included: a rulebook that nobody has tried does not take effect. */
static enum fault check_fully(struct ctx *ctx, const char *folder)
{
    struct buffer report;
    buffer_init(&report, ctx->arena);
    enum fault fault = rules_check(ctx, folder, &report);
    return fault == FAULT_NONE ? fault : ctx_fail(ctx, fault, "%s", "%s", report.data);
}

static enum fault check_region(struct ctx *ctx, const struct workplace *place, const char *folder)
{
    struct rulebook *book = NULL;
    enum fault fault = rules_load(ctx, folder, &book);
    if (fault == FAULT_NONE && book->region != place->office.region) {
        fault =
            ctx_fail(ctx, FAULT_INVALID_FIELD, "The rulebook is of region %lld, the data of %lld.",
                     "规则适用区划%lld，数据属于区划%lld。", (long long)book->region,
                     (long long)place->office.region);
    }
    rules_destroy(book);
    return fault;
}

static enum fault adopt(struct ctx *ctx, const struct rules_command *command,
                        struct workplace *place, struct adoption *adoption)
{
    adoption->folder = command->words[0];
    adoption->by = command->by != NULL ? command->by : "command line";
    if (command->from == NULL || !date_parse(command->from, &adoption->takes_effect)) {
        return ctx_fail(ctx, FAULT_INVALID_FIELD,
                        "--from takes the day on which it takes effect, like 2026-12-01.",
                        "--from 应为生效日期，如 2026-12-01。");
    }
    enum fault fault = check_fully(ctx, adoption->folder);
    if (fault == FAULT_NONE) {
        fault = rules_open_data(ctx, command, place);
    }
    if (fault == FAULT_NONE) {
        fault = check_region(ctx, place, adoption->folder);
    }
    return fault == FAULT_NONE ? editions_adopt(place->editions, ctx, place->store, adoption)
                               : fault;
}

static enum fault count_use(struct ctx *ctx, const struct workplace *place,
                            struct edition_use **ret_uses)
{
    struct editions_counting counting = {.editions = place->editions,
                                         .region = place->office.region};
    enum fault fault = store_read(place->store, ctx, editions_use, &counting);
    *ret_uses = counting.ret_uses;
    return fault;
}

static enum fault tell_adopted(struct ctx *ctx, const struct rules_command *command,
                               const struct workplace *place, const struct adoption *adoption)
{
    struct edition_use *uses = NULL;
    int64_t open = 0;
    enum fault fault = count_use(ctx, place, &uses);
    if (fault != FAULT_NONE) {
        return fault;
    }
    for (size_t i = 0; i < editions_count(place->editions); i++) {
        open += uses[i].open;
    }
    bool en = ctx->lang == LANG_EN;
    (void)printf(en ? "Edition %s is adopted and takes effect on %s.\n"
                    : "已采用规则版本 %s，自 %s 起生效。\n",
                 adoption->ret_edition, command->from);
    (void)printf(en ? "%lld open matters stay under the edition they began under; running servers"
                      " take it up within seconds.\n"
                    : "未办结的 %lld 件事项仍按原版本办理；运行中的服务器数秒内自动载入。\n",
                 (long long)open);
    (void)printf(en ? "What it would have changed: liandong rules rehearse %s --data %s\n"
                    : "查看它会带来哪些变化：liandong rules rehearse %s --data %s\n",
                 command->words[0], command->data_dir);
    return FAULT_NONE;
}

int rules_adopt_run(struct ctx *ctx, const struct rules_command *command)
{
    struct workplace place = {.store = NULL};
    struct adoption adoption = {.folder = NULL};
    enum fault fault = adopt(ctx, command, &place, &adoption);
    if (fault == FAULT_NONE) {
        fault = tell_adopted(ctx, command, &place, &adoption);
    }
    workplace_close(&place);
    return fault == FAULT_NONE ? 0 : cli_failed(ctx, fault);
}

static void print_edition(const struct edition *edition, const struct edition_use *use,
                          const struct rulebook *in_force)
{
    char day[DATE_TEXT];
    date_format(edition->takes_effect, day);
    bool current = strcmp(edition->edition, in_force->edition) == 0;
    (void)printf("%s\t%s\t%s\t%s\t%lld\t%lld\t%s\n", edition->edition, edition->book->code, day,
                 current ? "current" : "-", (long long)use->open, (long long)use->all,
                 edition->adopted_by);
}

int rules_editions_run(struct ctx *ctx, const struct rules_command *command)
{
    struct workplace place;
    struct edition_use *uses = NULL;
    enum fault fault = rules_open_data(ctx, command, &place);
    if (fault == FAULT_NONE) {
        fault = count_use(ctx, &place, &uses);
    }
    if (fault == FAULT_NONE) {
        const struct rulebook *in_force = office_book(&place.office, ctx->now_ms);
        (void)puts(ctx->lang == LANG_EN ? "edition\tcode\tfrom\tcurrent\topen\tall\tby"
                                        : "版本\t规则\t生效日\t现行\t未办结\t全部\t采用人");
        for (size_t i = 0; i < editions_count(place.editions); i++) {
            print_edition(editions_at(place.editions, i), &uses[i], in_force);
        }
    }
    workplace_close(&place);
    return fault == FAULT_NONE ? 0 : cli_failed(ctx, fault);
}

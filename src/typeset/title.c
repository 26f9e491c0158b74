/* Titles are broken by meaning as far as a program can tell, into lines of about the same length.
 */
#include "base/text.h"
#include "typeset/compose.h"

#include <string.h>

enum {
    LINES_MAX = 12,
    ITEMS_BALANCED = 400,
    COST_NAME = 60,    /* Inside the name of a body. */
    COST_OF = 25,      /* Before 的. */
    COST_WORD = 4,     /* Anywhere that is not known to be a good place. */
    COST_UNIT = 40,    /* Between a number and what it counts. */
    COST_ENDING = 40,  /* Before what only ends a name, or a paper's kind. */
    COST_BRACKET = 60, /* Inside brackets. */
    COST_BEFORE = 30,  /* What is saved where a line begins with 关于: the body stands above. */
    COST_NEVER = 1 << 28,
};

static bool matches(const struct items *items, size_t at, const char *text, size_t *ret_count)
{
    size_t count = 0;
    for (uint32_t code = text_next(&text); code != 0; code = text_next(&text)) {
        if (at + count >= items->count || items->list[at + count].code != code) {
            return false;
        }
        count++;
    }
    *ret_count = count;
    return count > 1;
}

static void add_name_costs(const struct items *items, const char *name, int *costs)
{
    for (size_t i = 0; name != NULL && i < items->count; i++) {
        size_t count = 0;
        if (matches(items, i, name, &count)) {
            for (size_t k = 1; k < count; k++) {
                costs[i + k] += COST_NAME;
            }
        }
    }
}

/* Words that titles of official papers are made of: not to be torn. */
static const char *const words[] = {
    "关于",         "案件", "材料", "通知", "告知书", "通知书",  "决定书",   "移送", "受理",
    "投诉",         "举报", "处理", "办理", "协助",   "监督",    "管理",     "交易", "公共资源",
    "公共资源交易", "工程", "建设", "项目", "招标",   "投标",    "有限公司", "情况", "问题",
    "线索",         "报告", "意见", "回执", "补正",   "不予受理"};

/* 建设|局, 三标|段, 结果的|函: characters that hardly ever begin a word in a title. */
static bool ends_names(uint32_t code)
{
    static const char endings[] = "局委院厅处所站段函案队区县镇村";
    bool found = false;
    const char *at = endings;
    for (uint32_t each = text_next(&at); each != 0 && !found; each = text_next(&at)) {
        found = each == code;
    }
    return found;
}

static void add_bracket_costs(const struct items *items, int *costs)
{
    unsigned depth = 0;
    for (size_t i = 0; i < items->count; i++) {
        uint32_t code = items->list[i].code;
        costs[i] += depth > 0 ? COST_BRACKET : 0;
        if (code == 0xff08 || code == '(') {
            depth++;
        } else if ((code == 0xff09 || code == ')') && depth > 0) {
            depth--;
        }
    }
}

static int *break_costs(struct composer *composer, const struct items *items)
{
    int *costs = arena_array(composer->ctx->arena, items->count + 1, sizeof *costs);
    const struct content *content = composer->content;
    for (size_t i = 1; i < items->count; i++) {
        const struct item *item = &items->list[i];
        costs[i] = item->break_before ? COST_WORD : COST_NEVER;
        costs[i] += item->code == 0x7684 ? COST_OF : 0; /* 的 */
        costs[i] += item->wide && !items->list[i - 1].wide ? COST_UNIT : 0;
        costs[i] += ends_names(item->code) ? COST_ENDING : 0;
        size_t count = 0;
        if (matches(items, i, "关于", &count)) {
            costs[i] -= COST_BEFORE;
        }
        if (may_not_begin(items->list[i - 1].code) || items->list[i - 1].space) {
            costs[i] -= COST_WORD;
        }
    }
    add_bracket_costs(items, costs);
    add_name_costs(items, content->organ, costs);
    add_name_costs(items, content->to, costs);
    add_name_costs(items, content->signed_by, costs);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        add_name_costs(items, words[i], costs);
    }
    return costs;
}

/* How far a line is from the length it should have, in quarters of a character, squared. */
static int64_t unevenness(int width, int wanted, int size)
{
    int64_t quarters = ((int64_t)width - wanted) * 4 / size;
    return quarters * quarters / 4;
}

struct plan {
    const struct items *items;
    const int *costs;
    int size;
    int limit;  /* No line may be longer. */
    int wanted; /* What each should be. */
};

/* The cheapest way to `lines` lines: best[k][i] for the first i items on k lines. */
static bool cheapest(struct arena *arena, const struct plan *plan, size_t lines, size_t *ret_ends)
{
    size_t count = plan->items->count;
    int64_t *best = arena_array(arena, (lines + 1) * (count + 1), sizeof *best);
    size_t *from = arena_array(arena, (lines + 1) * (count + 1), sizeof *from);
    size_t stride = count + 1;
    for (size_t i = 1; i <= count; i++) {
        best[i] = COST_NEVER;
    }
    for (size_t k = 1; k <= lines; k++) {
        best[k * stride] = COST_NEVER;
        for (size_t i = 1; i <= count; i++) {
            int width = 0;
            int64_t *cell = &best[k * stride + i];
            *cell = COST_NEVER;
            for (size_t j = i; j-- > 0;) {
                width += plan->items->list[j].width;
                if (width > plan->limit) {
                    break;
                }
                int64_t cost = best[(k - 1) * stride + j] + (j > 0 ? plan->costs[j] : 0) +
                               unevenness(width, plan->wanted, plan->size);
                if (cost < *cell) {
                    *cell = cost;
                    from[k * stride + i] = j;
                }
            }
        }
    }
    size_t end = count;
    for (size_t k = lines; k > 0; k--) {
        ret_ends[k - 1] = end;
        end = from[k * stride + end];
    }
    return best[lines * stride + count] < COST_NEVER;
}

static void add_line(struct composer *composer, const struct items *items, size_t from, size_t to,
                     const struct style *style)
{
    struct row *row = flow_row(composer, ROW_LINE, LINE);
    row->keep_next = true;
    row->line = (struct line){.items = items->list + from,
                              .count = to - from,
                              .x = TEXT_LEFT,
                              .width = TEXT_WIDTH,
                              .fit = FIT_CENTER,
                              .style = style};
}

static void break_title(struct composer *composer, const struct items *items,
                        const struct style *style)
{
    size_t ends[LINES_MAX];
    int total = items_width(items->list, items->count);
    struct plan plan = {.items = items, .size = style->size};
    plan.limit = TEXT_WIDTH;
    plan.costs = break_costs(composer, items);
    size_t lines = (size_t)((total + plan.limit - 1) / plan.limit);
    for (; lines > 1 && lines <= LINES_MAX && items->count <= ITEMS_BALANCED; lines++) {
        plan.wanted = total / (int)lines;
        if (cheapest(composer->ctx->arena, &plan, lines, ends)) {
            for (size_t i = 0; i < lines; i++) {
                add_line(composer, items, i == 0 ? 0 : ends[i - 1], ends[i], style);
            }
            return;
        }
    }
    for (size_t from = 0; from < items->count;) {
        size_t count = line_count(items, from, plan.limit);
        add_line(composer, items, from, from + count, style);
        from += count;
    }
}

enum fault title_rows(struct composer *composer, const char *path, const char *text,
                      const struct style *style)
{
    while (text[0] != 0) {
        struct items items;
        size_t length = strcspn(text, "\n");
        enum fault fault = items_of(composer, path, arena_bytes(composer->ctx->arena, text, length),
                                    style, &items);
        if (fault != FAULT_NONE) {
            return fault;
        }
        break_title(composer, &items, style);
        text += length + (text[length] == '\n');
    }
    return FAULT_NONE;
}

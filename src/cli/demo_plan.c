/*
 * The plan: which runs, and on which day and minute each of their steps is done.
 *
 * A scenario says how many working days ago its last step was (`ago`: a list, one run for each), or
 * is spread over the year (`spread`: so many runs). Days are counted back from today, or on a rest
 * day from the next working day, and nothing happens on that day itself: so lights are the same at
 * every hour of it.
 *
 *   ... | step 1 |  after 2  | step 2 | after 0: same day | step 3 |  ago  | today
 */
#include "calendar/date.h"
#include "cli/demo.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    RUNS_MAX = 400,
    STEPS_MAX = 40,
    YEAR_DAYS = 365,
    REST_DAYS_MAX = 30,
    FIRST_MINUTE = 8 * 60 + 30, /* Office hours: 8:30 to 12:00 and 14:30 to 17:30. */
    NOON_MINUTES = 210,
    REST_MINUTES = 150,
    DAY_MINUTES = 390,
    SHORTEST_AGO = 3, /* Of what is spread over the year. */
};

struct planning {
    struct demo *demo;
    int32_t *days; /* days[n]: n working days ago. */
    unsigned days_count;
    size_t steps_capacity;
};

static void find_days(struct planning *planning)
{
    const struct calendar *calendar = planning->demo->place->calendar;
    int32_t today = date_of_ms(planning->demo->ctx->now_ms);
    int32_t first = today - YEAR_DAYS;
    for (unsigned i = 0; i < REST_DAYS_MAX && !calendar_is_working(calendar, today); i++) {
        today++;
    }
    planning->days = arena_array(planning->demo->arena, YEAR_DAYS + REST_DAYS_MAX, sizeof(int32_t));
    for (int32_t date = today; date > first; date--) {
        if (calendar_is_working(calendar, date)) {
            planning->days[planning->days_count++] = date;
        }
    }
}

/* ---- Runs ---- */

static const struct yaml_node *nth(const struct yaml_node *list, unsigned n)
{
    const struct yaml_node *item = list->children;
    for (; n > 0; n--) {
        item = item->next;
    }
    return item;
}

static const struct yaml_node *by_code(struct demo *demo, const char *list_key,
                                       const struct yaml_node *code)
{
    const struct yaml_node *list = yaml_get(demo->texts, list_key);
    const struct yaml_node *found =
        list == NULL || code == NULL || code->text == NULL ? NULL : yaml_get(list, code->text);
    if (found == NULL) {
        yaml_wrong(&demo->report, code == NULL ? demo->texts : code, "it is not among the %s",
                   list_key);
    }
    return found;
}

/* The scenario's own list taken in turn, else all of them in turn. */
static const struct yaml_node *choose_topic(struct demo_run *run, unsigned index)
{
    const struct yaml_node *own = yaml_get(run->scenario, "topics");
    const struct yaml_node *all = yaml_get(run->demo->texts, "topics");
    if (own != NULL && own->count > 0) {
        return by_code(run->demo, "topics", nth(own, index % (unsigned)own->count));
    }
    return nth(all, run->serial % (unsigned)all->count);
}

/* One of the codes under a key of `from`, as an entry of a list of the texts. */
static const struct yaml_node *choose_entry(struct demo_run *run, const struct yaml_node *from,
                                            const char *key, const char *list_key)
{
    const struct yaml_node *codes = from == NULL ? NULL : yaml_get(from, key);
    if (codes == NULL) {
        return NULL;
    }
    if (codes->kind == YAML_SCALAR) {
        return by_code(run->demo, list_key, codes);
    }
    unsigned chosen = demo_choose(run, key, (unsigned)codes->count);
    return by_code(run->demo, list_key, nth(codes, chosen));
}

static void settle_words(struct demo_run *run)
{
    const struct yaml_node *words = yaml_get(run->scenario, "set");
    for (const struct yaml_node *word = words == NULL ? NULL : words->children; word != NULL;
         word = word->next) {
        demo_set(run, word->key->text, demo_expand(run, NULL, word, word->text));
    }
}

static struct demo_run *add_run(struct demo *demo, const struct yaml_node *scenario, unsigned index)
{
    if (demo->runs_count == RUNS_MAX) {
        yaml_wrong(&demo->report, scenario, "more than %d runs", RUNS_MAX);
        return NULL;
    }
    struct demo_run *run = &demo->runs[demo->runs_count++];
    *run = (struct demo_run){.demo = demo, .scenario = scenario};
    run->serial = (unsigned)demo->runs_count;
    run->seed = demo_hash(demo->seed + index, yaml_get(scenario, "code")->text);
    run->topic = choose_topic(run, index);
    const struct yaml_node *own = yaml_get(scenario, "grounds");
    run->ground = choose_entry(run, own != NULL ? scenario : run->topic, "grounds", "grounds");
    own = yaml_get(scenario, "results");
    run->result = choose_entry(run, own != NULL ? scenario : run->ground, "results", "results");
    settle_words(run);
    return run;
}

/* ---- Days and minutes ---- */

/* `after: 2`, or `after: [1, 3]` for one of 1, 2, 3; a piece's own is the usual one. */
static unsigned gap_of(const struct demo_step *step, unsigned place)
{
    struct demo *demo = step->run->demo;
    const struct yaml_node *after = demo_step_get(step, "after");
    const struct yaml_node *first = after != NULL && after->count > 0 ? after->children : after;
    const struct yaml_node *last =
        after != NULL && after->count > 1 ? after->children->next : first;
    if (first == NULL || place == 0) {
        return 0;
    }
    char *end = NULL;
    unsigned long low = strtoul(first->text, &end, 10);
    unsigned long high = strtoul(last->text, &end, 10);
    if (*end != 0 || high < low || high > YEAR_DAYS) {
        yaml_wrong(&demo->report, after, "expected days, or [fewest, most]");
        return 0;
    }
    const char *name = arena_printf(demo->arena, "after %u", place);
    return (unsigned)low + demo_choose(step->run, name, (unsigned)(high - low) + 1);
}

static const struct yaml_node *piece_of(struct demo *demo, const struct yaml_node *node)
{
    const struct yaml_node *use = node->kind == YAML_MAPPING ? yaml_get(node, "use") : node;
    const struct yaml_node *pieces = yaml_get(demo->script, "pieces");
    const struct yaml_node *piece =
        use == NULL || pieces == NULL ? NULL : yaml_get(pieces, use->text);
    if (use != NULL && piece == NULL) {
        yaml_wrong(&demo->report, node, "there is no piece '%s'", use->text);
    }
    return piece;
}

/* `count` steps of one day lie in as many parts of it, each at a minute of its part. */
static void set_minutes(struct demo_step *steps, unsigned count)
{
    unsigned part = DAY_MINUTES / count;
    for (unsigned i = 0; i < count; i++) {
        struct demo_step *step = &steps[i];
        const char *name = arena_printf(step->run->demo->arena, "minute %d %u", step->date, i);
        unsigned minute = i * part + demo_choose(step->run, name, part - 1);
        minute += minute >= NOON_MINUTES ? REST_MINUTES : 0;
        unsigned second = demo_choose(step->run, name, 60);
        step->at_ms =
            date_start_ms(step->date) + ((int64_t)(FIRST_MINUTE + minute) * 60 + second) * 1000;
    }
}

static void set_times(struct demo_step *steps, unsigned count)
{
    for (unsigned first = 0; first < count;) {
        unsigned last = first;
        while (last < count && steps[last].date == steps[first].date) {
            last++;
        }
        set_minutes(steps + first, last - first);
        first = last;
    }
}

/* How long ago the last step is: given, or the run's part of the year. */
static unsigned ago_of(const struct planning *planning, const struct demo_run *run, unsigned index,
                       unsigned length)
{
    const struct yaml_node *ago = yaml_get(run->scenario, "ago");
    if (ago != NULL) {
        return (unsigned)strtoul(nth(ago, index)->text, NULL, 10);
    }
    int64_t runs = strtol(yaml_get(run->scenario, "spread")->text, NULL, 10);
    unsigned room = planning->days_count - 1 - SHORTEST_AGO - length;
    unsigned part = room / (unsigned)runs;
    return SHORTEST_AGO + index * part + demo_choose(run, "ago", part);
}

/* `only: penalty`: a step of those runs alone that end so. */
static bool left_out(const struct demo_step *step)
{
    const struct yaml_node *only = demo_step_get(step, "only");
    const struct yaml_node *outcome =
        step->run->result == NULL ? NULL : yaml_get(step->run->result, "outcome");
    return only != NULL && (outcome == NULL || strcmp(only->text, outcome->text) != 0);
}

static void plan_run(struct planning *planning, struct demo_run *run, unsigned index)
{
    struct demo *demo = planning->demo;
    struct demo_step *steps = demo->steps + demo->steps_count;
    const struct yaml_node *list = yaml_get(run->scenario, "steps");
    unsigned gaps[STEPS_MAX];
    unsigned length = 0;
    unsigned count = 0;
    for (const struct yaml_node *node = list->children; node != NULL; node = node->next) {
        steps[count] = (struct demo_step){.run = run, .node = node};
        steps[count].piece = piece_of(demo, node);
        if (left_out(&steps[count])) {
            continue;
        }
        gaps[count] = gap_of(&steps[count], count);
        length += gaps[count++];
    }
    unsigned ago = ago_of(planning, run, index, length);
    if (ago == 0 || ago + length >= planning->days_count) {
        yaml_wrong(&demo->report, run->scenario, "it does not lie within the year before today");
        return;
    }
    unsigned day = ago + length;
    for (unsigned i = 0; i < count; i++) {
        day -= gaps[i];
        steps[i].date = planning->days[day];
        steps[i].order = (unsigned)demo->steps_count + i;
    }
    set_times(steps, count);
    demo->steps_count += count;
}

/* How many runs a scenario has; 0 after reporting. */
static unsigned runs_of(struct demo *demo, const struct yaml_node *scenario)
{
    static const char *const keys[] = {"code",    "spread", "ago",   "topics", "grounds",
                                       "results", "set",    "steps", NULL};
    yaml_only(&demo->report, scenario, keys);
    const struct yaml_node *steps = yaml_get(scenario, "steps");
    const struct yaml_node *ago = yaml_get(scenario, "ago");
    int64_t runs = yaml_int(&demo->report, scenario, "spread", 1, 100, 0);
    runs = ago != NULL ? (int64_t)ago->count : runs;
    bool whole = yaml_text(&demo->report, scenario, "code", true) != NULL && runs > 0 &&
                 steps != NULL && steps->count > 0 && steps->count <= STEPS_MAX;
    if (!whole) {
        yaml_wrong(&demo->report, scenario, "a scenario has a code, steps, and spread or ago");
    }
    return whole ? (unsigned)runs : 0;
}

static int by_time(const void *a, const void *b)
{
    const struct demo_step *one = a;
    const struct demo_step *two = b;
    if (one->at_ms != two->at_ms) {
        return one->at_ms < two->at_ms ? -1 : 1;
    }
    return one->order < two->order ? -1 : 1;
}

enum fault demo_plan(struct demo *demo)
{
    struct planning planning = {.demo = demo};
    const struct yaml_node *scenarios = yaml_get(demo->script, "scenarios");
    find_days(&planning);
    demo->runs = arena_array(demo->arena, RUNS_MAX, sizeof *demo->runs);
    demo->steps = arena_array(demo->arena, (size_t)RUNS_MAX * STEPS_MAX, sizeof *demo->steps);
    for (const struct yaml_node *scenario = scenarios == NULL ? NULL : scenarios->children;
         scenario != NULL; scenario = scenario->next) {
        unsigned count = runs_of(demo, scenario);
        for (unsigned i = 0; i < count && demo->report.count == 0; i++) {
            struct demo_run *run = add_run(demo, scenario, i);
            if (demo->report.count == 0) {
                plan_run(&planning, run, i);
            }
        }
    }
    qsort(demo->steps, demo->steps_count, sizeof *demo->steps, by_time);
    return demo_mistake(demo);
}

/*
 * The words of a run. {name} in a text is, in this order: a word settled for the run; an entry of
 * its result, ground, topic, or of the general phrases (of a list one is chosen, once for the run);
 * or something computed: {x.name} and {x.handler} of a body, the day, a credit code.
 */
#include "base/buffer.h"
#include "base/digest.h"
#include "base/text.h"
#include "calendar/date.h"
#include "cli/demo.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 8 };

uint64_t demo_hash(uint64_t seed, const char *name)
{
    /* FNV-1a, then the finisher of SplitMix64 so that near seeds give far results. */
    uint64_t hash = seed ^ 0xcbf29ce484222325ull;
    for (const char *p = name; *p != 0; p++) {
        hash = (hash ^ (unsigned char)*p) * 0x100000001b3ull;
    }
    hash = (hash ^ hash >> 30) * 0xbf58476d1ce4e5b9ull;
    hash = (hash ^ hash >> 27) * 0x94d049bb133111ebull;
    return hash ^ hash >> 31;
}

unsigned demo_choose(const struct demo_run *run, const char *name, unsigned bound)
{
    return (unsigned)(demo_hash(run->seed, name) % bound);
}

static const char *settled(const struct demo_run *run, const char *name)
{
    for (const struct demo_word *word = run->words; word != NULL; word = word->next) {
        if (strcmp(word->name, name) == 0) {
            return word->value;
        }
    }
    return NULL;
}

void demo_set(struct demo_run *run, const char *name, const char *value)
{
    struct demo_word *word = arena_alloc(run->demo->arena, sizeof *word);
    *word = (struct demo_word){.name = name, .value = value, .next = run->words};
    run->words = word;
}

const struct actor *demo_actor(struct demo *demo, const struct yaml_node *at, const char *login)
{
    for (size_t i = 0; i < demo->actors_count; i++) {
        if (strcmp(demo->actors[i]->login, login) == 0) {
            return demo->actors[i];
        }
    }
    struct actor *actor = NULL;
    if (workplace_actor(demo->ctx, demo->place, login, &actor) != FAULT_NONE) {
        yaml_wrong(&demo->report, at, "there is no account '%s'", login);
        return NULL;
    }
    struct actor **larger =
        arena_array(demo->arena, demo->actors_count + 1, sizeof(struct actor *));
    if (demo->actors_count > 0) {
        memcpy(larger, demo->actors, demo->actors_count * sizeof(struct actor *));
    }
    demo->actors = larger;
    demo->actors[demo->actors_count++] = actor;
    return actor;
}

const struct yaml_node *demo_step_get(const struct demo_step *step, const char *key)
{
    const struct yaml_node *own =
        step->node->kind == YAML_MAPPING ? yaml_get(step->node, key) : NULL;
    return own != NULL || step->piece == NULL ? own : yaml_get(step->piece, key);
}

/* ---- What is computed ---- */

static const char *date_text(struct arena *arena, int32_t date)
{
    char text[DATE_TEXT];
    date_format(date, text);
    return arena_text(arena, text);
}

static const char *minute_text(struct arena *arena, int64_t time_ms)
{
    char text[MINUTE_TEXT];
    minute_format(time_ms, text);
    return arena_text(arena, text);
}

/* "day+5": five working days after the step's. */
static const char *later_day(const struct demo_step *step, const char *name)
{
    const struct calendar *calendar = step->run->demo->place->calendar;
    int32_t date = step->date;
    for (unsigned long left = strtoul(name, NULL, 10); left > 0;) {
        date++;
        left -= calendar_is_working(calendar, date) ? 1 : 0;
    }
    return date_text(step->run->demo->arena, date);
}

/* "digest:pool": a digest that nothing stands behind, the same whenever the run names it. */
static const char *digest_text(const struct demo_run *run, const char *name)
{
    struct digest digest;
    char *hex = arena_alloc(run->demo->arena, DIGEST_HEX);
    const char *what = arena_printf(run->demo->arena, "%u %s", run->serial, name);
    digest_of(what, strlen(what), &digest);
    text_hex(digest.sha256, DIGEST_BYTES, hex);
    return hex;
}

/* The quarter before the day's: "2026Q1". */
static const char *quarter_before(struct arena *arena, int32_t date)
{
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    date_split(date, &year, &month, &day);
    unsigned quarter = (month - 1) / 3;
    return quarter == 0 ? arena_printf(arena, "%dQ4", year - 1)
                        : arena_printf(arena, "%dQ%u", year, quarter);
}

/* 2026Q2: 2026年第二季度. */
static const char *quarter_words(struct arena *arena, const char *quarter)
{
    static const char *const numerals[] = {"一", "二", "三", "四"};
    return arena_printf(arena, "%.4s年第%s季度", quarter, numerals[(quarter[5] - '1') & 3]);
}

static const char *of_step(struct arena *arena, const struct demo_step *step, const char *name)
{
    static const int64_t before_ms = 25 * 60 * 1000;
    if (step == NULL) {
        return NULL;
    }
    if (strcmp(name, "day") == 0) {
        return date_text(arena, step->date);
    }
    if (strcmp(name, "quarter_before_words") == 0) {
        return quarter_words(arena, quarter_before(arena, step->date));
    }
    if (strcmp(name, "quarter_before") == 0) {
        return quarter_before(arena, step->date);
    }
    if (text_starts(name, "day+")) {
        return later_day(step, name + strlen("day+"));
    }
    if (strcmp(name, "day_words") == 0) {
        return date_words(arena, step->date);
    }
    if (strcmp(name, "minute_before") == 0) {
        return minute_text(arena, step->at_ms - before_ms);
    }
    return NULL;
}

static const char *expand(struct demo_run *run, const struct demo_step *step,
                          const struct yaml_node *at, const char *text, unsigned depth);

/* "receiver.name": the value of `receiver` is a body's code, and after the dot comes what of it. */
static const char *of_body(struct demo_run *run, const struct demo_step *step,
                           const struct yaml_node *at, const char *name, unsigned depth)
{
    struct arena *arena = run->demo->arena;
    const char *dot = strchr(name, '.');
    if (dot == NULL) {
        return NULL;
    }
    const char *asked = arena_printf(arena, "{%s}", arena_bytes(arena, name, (size_t)(dot - name)));
    const char *code = expand(run, step, at, asked, depth + 1);
    const struct org *org = directory_org(run->demo->place->directory, code);
    if (org == NULL) {
        return NULL;
    }
    if (strcmp(dot, ".name") == 0 || strcmp(dot, ".short") == 0) {
        return dot[1] == 'n' ? org->name.zh : org->short_name.zh;
    }
    const char *login = arena_printf(arena, "%s%s", code, dot);
    const struct actor *actor = demo_actor(run->demo, at, login);
    return actor == NULL ? "" : actor->name;
}

static const char *computed(struct demo_run *run, const struct demo_step *step,
                            const struct yaml_node *at, const char *name, unsigned depth)
{
    struct arena *arena = run->demo->arena;
    if (strcmp(name, "serial") == 0) {
        return arena_printf(arena, "%04u", run->serial);
    }
    if (strcmp(name, "respondent_code") == 0) {
        return demo_credit_code(arena, expand(run, step, at, "{respondent}", depth + 1));
    }
    if (text_starts(name, "digest:")) {
        return digest_text(run, name + strlen("digest:"));
    }
    const char *found = of_step(arena, step, name);
    return found != NULL ? found : of_body(run, step, at, name, depth);
}

/* ---- What is written down ---- */

static const struct yaml_node *find_phrase(const struct demo_run *run, const char *name)
{
    const struct yaml_node *layers[] = {run->result, run->ground, run->topic,
                                        yaml_get(run->demo->texts, "phrases")};
    for (size_t i = 0; i < sizeof layers / sizeof layers[0]; i++) {
        const struct yaml_node *found = layers[i] == NULL ? NULL : yaml_get(layers[i], name);
        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

static const struct yaml_node *choose_item(const struct demo_run *run, const char *name,
                                           const struct yaml_node *list)
{
    const struct yaml_node *item = list->children;
    for (unsigned i = demo_choose(run, name, (unsigned)list->count); i > 0; i--) {
        item = item->next;
    }
    return item;
}

/* A choice from a list is made once for a run; a single text is looked at anew each time. */
static const char *phrase(struct demo_run *run, const struct demo_step *step,
                          const struct yaml_node *node, const char *name, unsigned depth)
{
    if (node->kind != YAML_SEQUENCE || node->count == 0) {
        return node->text == NULL ? NULL : expand(run, step, node, node->text, depth + 1);
    }
    const struct yaml_node *item = choose_item(run, name, node);
    if (item->text == NULL) {
        return NULL;
    }
    const char *value = expand(run, step, item, item->text, depth + 1);
    demo_set(run, name, value);
    return value;
}

static const char *look_up(struct demo_run *run, const struct demo_step *step,
                           const struct yaml_node *at, const char *name, unsigned depth)
{
    const char *found = settled(run, name);
    if (found != NULL) {
        return found;
    }
    const struct yaml_node *node = find_phrase(run, name);
    found =
        node != NULL ? phrase(run, step, node, name, depth) : computed(run, step, at, name, depth);
    if (found == NULL) {
        yaml_wrong(&run->demo->report, at, "nothing is known as '{%s}' (scenario %s)", name,
                   yaml_get(run->scenario, "code")->text);
        found = "?";
    }
    return found;
}

static const char *expand(struct demo_run *run, const struct demo_step *step,
                          const struct yaml_node *at, const char *text, unsigned depth)
{
    struct arena *arena = run->demo->arena;
    if (depth > DEPTH_MAX) {
        yaml_wrong(&run->demo->report, at, "the text goes in circles: %s", text);
        return "?";
    }
    if (strchr(text, '{') == NULL) {
        return text;
    }
    struct buffer made;
    buffer_init(&made, arena);
    for (const char *p = text; *p != 0;) {
        const char *end = *p == '{' ? strchr(p, '}') : NULL;
        if (end == NULL) {
            buffer_char(&made, *p++);
            continue;
        }
        /* Kept: a settled word refers to its name. */
        const char *name = arena_bytes(arena, p + 1, (size_t)(end - p - 1));
        buffer_text(&made, look_up(run, step, at, name, depth));
        p = end + 1;
    }
    return made.data;
}

const char *demo_expand(struct demo_run *run, const struct demo_step *step,
                        const struct yaml_node *at, const char *text)
{
    return expand(run, step, at, text, 0);
}

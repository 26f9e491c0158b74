/* Stories: examples/NAME.yaml. */
#include "rules/story.h"

#include "base/text.h"
#include "calendar/date.h"
#include "rules/rules.h"

#include <string.h>

struct telling {
    struct ctx *ctx;
    struct yaml_report *report;
};

static const char *joined(const struct telling *t, const struct yaml_node *node)
{
    if (node->kind == YAML_SCALAR) {
        return node->text;
    }
    struct buffer text;
    buffer_init(&text, t->ctx->arena);
    for (const struct yaml_node *item = node->children; item != NULL; item = item->next) {
        buffer_text(&text, item == node->children ? "" : ",");
        if (node->kind == YAML_MAPPING) {
            buffer_printf(&text, "%s=", item->key->text);
        }
        buffer_text(&text, item->kind == YAML_SCALAR ? item->text : "?");
    }
    return text.data;
}

static struct story_pair *read_pairs(const struct telling *t, const struct yaml_node *at,
                                     const char *key, size_t *ret_count)
{
    const struct yaml_node *map = yaml_get(at, key);
    *ret_count = 0;
    if (map == NULL) {
        return NULL;
    }
    if (map->kind != YAML_MAPPING) {
        yaml_wrong(t->report, map, "'%s' must map codes to values", key);
        return NULL;
    }
    struct story_pair *pairs = arena_array(t->ctx->arena, map->count + 1, sizeof *pairs);
    for (const struct yaml_node *item = map->children; item != NULL; item = item->next) {
        pairs[(*ret_count)++] =
            (struct story_pair){.key = item->key->text, .value = joined(t, item)};
    }
    return pairs;
}

static const char **read_words(const struct telling *t, const struct yaml_node *at, const char *key,
                               size_t *ret_count)
{
    const struct yaml_node *list = yaml_get(at, key);
    *ret_count = 0;
    if (list == NULL) {
        return NULL;
    }
    if (list->kind != YAML_SEQUENCE) {
        yaml_wrong(t->report, list, "'%s' must be a list", key);
        return NULL;
    }
    const char **words = arena_array(t->ctx->arena, list->count + 1, sizeof *words);
    for (const struct yaml_node *item = list->children; item != NULL; item = item->next) {
        words[(*ret_count)++] = item->kind == YAML_SCALAR ? item->text : "?";
    }
    return words;
}

static void read_expect(const struct telling *t, const struct yaml_node *node,
                        struct story_expect *expect)
{
    static const char *const keys[] = {"state", "holder",  "clocks", "lights",  "ended",
                                       "facts", "actions", "hidden", "receipt", NULL};
    yaml_only(t->report, node, keys);
    expect->state = yaml_text(t->report, node, "state", false);
    expect->holder = yaml_text(t->report, node, "holder", false);
    expect->clocks_given = yaml_get(node, "clocks") != NULL;
    expect->clocks = read_pairs(t, node, "clocks", &expect->clocks_count);
    expect->lights = read_pairs(t, node, "lights", &expect->lights_count);
    expect->ended = read_pairs(t, node, "ended", &expect->ended_count);
    expect->facts = read_pairs(t, node, "facts", &expect->facts_count);
    expect->actions_given = yaml_get(node, "actions") != NULL;
    expect->actions = read_words(t, node, "actions", &expect->actions_count);
    expect->receipt = read_pairs(t, node, "receipt", &expect->receipt_count);
    expect->hidden = yaml_bool(t->report, node, "hidden", false);
}

static void read_do(const struct telling *t, const struct yaml_node *node, struct story_step *step)
{
    const char *act = yaml_text(t->report, node, "do", false);
    const char *dot = act == NULL ? NULL : strchr(act, '.');
    if (act != NULL && dot == NULL) {
        yaml_wrong(t->report, node, "'do' is procedure.action");
        return;
    }
    if (act != NULL) {
        step->procedure = arena_bytes(t->ctx->arena, act, (size_t)(dot - act));
        step->action = dot + 1;
    }
}

static void read_step(const struct telling *t, const struct yaml_node *node,
                      struct story_step *step)
{
    static const char *const keys[] = {"at",        "as",    "do",       "matter",  "facts",
                                       "materials", "child", "children", "refused", "stale",
                                       "key",       "run",   "expect",   NULL};
    yaml_only(t->report, node, keys);
    step->node = node;
    const char *at = yaml_text(t->report, node, "at", true);
    if (at != NULL && !minute_parse(at, &step->at_ms)) {
        yaml_wrong(t->report, node, "'at' is a minute like 2021-09-17T16:40");
    }
    step->as = yaml_text(t->report, node, "as", true);
    step->matter = yaml_text(t->report, node, "matter", true);
    read_do(t, node, step);
    step->facts = read_pairs(t, node, "facts", &step->facts_count);
    step->materials = read_words(t, node, "materials", &step->materials_count);
    step->child = yaml_text(t->report, node, "child", false);
    step->children = read_pairs(t, node, "children", &step->children_count);
    step->run = yaml_text(t->report, node, "run", false);
    if (step->run != NULL && strcmp(step->run, "expiry") != 0 &&
        strcmp(step->run, "standing") != 0) {
        yaml_wrong(t->report, node, "'run' is expiry or standing");
    }
    step->refused = yaml_text(t->report, node, "refused", false);
    step->stale = yaml_bool(t->report, node, "stale", false);
    step->key = yaml_text(t->report, node, "key", false);
    const struct yaml_node *expect = yaml_get(node, "expect");
    if (expect != NULL) {
        read_expect(t, expect, &step->expect);
    }
}

struct story *story_load(struct ctx *ctx, struct yaml_report *report, const char *path)
{
    static const char *const keys[] = {"code", "label", "steps", NULL};
    struct telling t = {.ctx = ctx, .report = report};
    size_t mistakes = report->count;
    const struct yaml_node *root = yaml_load(ctx, report, path);
    if (root == NULL) {
        return NULL;
    }
    yaml_only(report, root, keys);
    struct story *story = arena_alloc(ctx->arena, sizeof *story);
    const struct yaml_node *label = yaml_get(root, "label");
    const struct yaml_node *steps = yaml_get(root, "steps");
    story->code = yaml_text(report, root, "code", true);
    story->label.zh = label == NULL ? "?" : yaml_text(report, label, "zh", true);
    story->label.en = label == NULL ? "?" : yaml_text(report, label, "en", true);
    story->file = path;
    if (steps == NULL || steps->kind != YAML_SEQUENCE) {
        yaml_wrong(report, root, "'steps' must list the steps");
        return NULL;
    }
    story->steps = arena_array(ctx->arena, steps->count + 1, sizeof *story->steps);
    for (const struct yaml_node *node = steps->children; node != NULL; node = node->next) {
        struct story_step *step = &story->steps[story->steps_count++];
        read_step(&t, node, step);
        if (story->steps_count > 1 && step->at_ms < step[-1].at_ms) {
            yaml_wrong(report, node, "time goes back here");
        }
    }
    return report->count == mistakes ? story : NULL;
}

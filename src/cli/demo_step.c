/*
 * What a step brings along. Facts the action needs come from the step, else from the usual texts
 * (texts.yaml, facts); so a fact that the rulebook adds to an action needs one line there.
 */
#include "cli/demo.h"

#include <stdlib.h>
#include <string.h>

static bool listed(const struct yaml_node *list, const char *code)
{
    for (const struct yaml_node *item = list == NULL ? NULL : list->children; item != NULL;
         item = item->next) {
        if (item->text != NULL && strcmp(item->text, code) == 0) {
            return true;
        }
    }
    return false;
}

/* "complaint.submit" of the step's `do`. */
static void find_action(struct demo_step *step)
{
    struct demo_run *run = step->run;
    const struct yaml_node *deed = demo_step_get(step, "do");
    if (deed == NULL || deed->text == NULL) {
        yaml_wrong(&run->demo->report, step->node, "the step does nothing");
        return;
    }
    const char *name = demo_expand(run, step, deed, deed->text);
    const char *dot = strchr(name, '.');
    if (dot != NULL) {
        const char *code = arena_bytes(run->demo->arena, name, (size_t)(dot - name));
        step->procedure = rules_procedure(run->demo->place->book, code);
    }
    step->action = step->procedure == NULL ? NULL : rules_action(step->procedure, dot + 1);
    if (step->action == NULL) {
        yaml_wrong(&run->demo->report, deed, "the rulebook has no action '%s'", name);
    }
}

static void find_actor(struct demo_step *step)
{
    struct demo *demo = step->run->demo;
    const struct yaml_node *as = demo_step_get(step, "as");
    const char *login = as == NULL ? "" : demo_expand(step->run, step, as, as->text);
    if (strcmp(login, "public") != 0) {
        step->actor = demo_actor(demo, as == NULL ? step->node : as, login);
        return;
    }
    /* Which matter its code opens is known when the step is done. */
    struct actor *actor = arena_alloc(demo->arena, sizeof *actor);
    *actor = (struct actor){
        .kind = ACTOR_CODE, .region = demo->place->office.region, .name = "", .csrf = ""};
    step->actor = actor;
}

/* ---- Facts ---- */

static const struct yaml_node *own_text(const struct demo_step *step, const char *code)
{
    const struct yaml_node *sources[] = {step->node, step->piece};
    for (size_t i = 0; i < 2; i++) {
        const struct yaml_node *facts = sources[i] == NULL || sources[i]->kind != YAML_MAPPING
                                            ? NULL
                                            : yaml_get(sources[i], "facts");
        const struct yaml_node *found = facts == NULL ? NULL : yaml_get(facts, code);
        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

/* Under facts: "transfer.receiver_body", else "receiver_body". */
static const struct yaml_node *usual_text(const struct demo_step *step, const char *code)
{
    const struct yaml_node *facts = yaml_get(step->run->demo->texts, "facts");
    const char *special =
        arena_printf(step->run->demo->arena, "%s.%s", step->procedure->code, code);
    const struct yaml_node *found = facts == NULL ? NULL : yaml_get(facts, special);
    return found != NULL || facts == NULL ? found : yaml_get(facts, code);
}

static void add_fact(struct demo_step *step, const struct rules_fact *fact,
                     const struct yaml_node *text)
{
    struct demo *demo = step->run->demo;
    const char *value = demo_expand(step->run, step, text, text->text);
    /* Where the rulebook wants a line of words instead of a body, its name. */
    const struct org *org =
        fact->type != FACT_LINE ? NULL : directory_org(demo->place->directory, value);
    step->facts[step->facts_count++] =
        (struct act_fact){.code = fact->code, .value = org == NULL ? value : org->name.zh};
}

static void fill_facts(struct demo_step *step)
{
    struct demo *demo = step->run->demo;
    const struct rules_action *action = step->action;
    const struct yaml_node *without = demo_step_get(step, "without");
    const struct yaml_node *offered = yaml_get(demo->texts, "offered");
    step->facts = arena_array(demo->arena, action->needs_count + action->takes_count + 1,
                              sizeof *step->facts);
    for (size_t i = 0; i < action->needs_count; i++) {
        const struct rules_fact *fact = action->needs[i];
        const struct yaml_node *text = own_text(step, fact->code);
        text = text == NULL ? usual_text(step, fact->code) : text;
        if (text != NULL) {
            add_fact(step, fact, text);
        } else if (fact->type != FACT_TICKS) {
            yaml_wrong(&demo->report, step->node, "no text for the fact '%s' of %s.%s", fact->code,
                       step->procedure->code, action->code);
        }
    }
    for (size_t i = 0; i < action->takes_count; i++) {
        const struct rules_fact *fact = action->takes[i];
        const struct yaml_node *text = own_text(step, fact->code);
        bool usual = listed(offered, fact->code) && !listed(without, fact->code);
        text = text == NULL && usual ? usual_text(step, fact->code) : text;
        if (text != NULL) {
            add_fact(step, fact, text);
        }
    }
}

/* ---- Materials ---- */

static enum fault fill_materials(struct demo_step *step)
{
    struct demo *demo = step->run->demo;
    const struct yaml_node *list = demo_step_get(step, "materials");
    const struct yaml_node *missing = demo_step_get(step, "missing");
    step->missing = missing == NULL ? 0 : (unsigned)strtoul(missing->text, NULL, 10);
    if (list != NULL && list->count > DEMO_MATERIALS) {
        yaml_wrong(&demo->report, list, "at most %d materials", DEMO_MATERIALS);
        return FAULT_NONE;
    }
    step->uploads = arena_array(demo->arena, list == NULL ? 0 : list->count, sizeof *step->uploads);
    enum fault fault = FAULT_NONE;
    for (const struct yaml_node *item = list == NULL ? NULL : list->children;
         item != NULL && fault == FAULT_NONE; item = item->next) {
        const char *name = demo_expand(step->run, step, item, item->text);
        fault = demo_paper(step, item, name, &step->uploads[step->uploads_count++]);
    }
    return fault;
}

static void settle_words(struct demo_step *step)
{
    const struct yaml_node *words = demo_step_get(step, "set");
    for (const struct yaml_node *word = words == NULL ? NULL : words->children; word != NULL;
         word = word->next) {
        demo_set(step->run, word->key->text, demo_expand(step->run, step, word, word->text));
    }
}

enum fault demo_prepare(struct demo_step *step)
{
    static const char *const keys[] = {"use",       "do",      "as",    "after", "set",
                                       "without",   "missing", "facts", "of",    "only",
                                       "materials", "run",     NULL};
    struct demo *demo = step->run->demo;
    if (step->node->kind == YAML_MAPPING) {
        yaml_only(&demo->report, step->node, keys);
    }
    settle_words(step);
    const struct yaml_node *self = demo_step_get(step, "run");
    const struct yaml_node *of = demo_step_get(step, "of");
    step->self = self == NULL ? NULL : self->text;
    step->of = of == NULL ? NULL : demo_expand(step->run, step, of, of->text);
    if (step->self != NULL && demo_step_get(step, "do") == NULL) {
        return demo_mistake(demo);
    }
    find_action(step);
    if (step->self != NULL) {
        return demo_mistake(demo);
    }
    find_actor(step);
    if (demo->report.count == 0) {
        fill_facts(step);
    }
    enum fault fault = demo->report.count == 0 ? fill_materials(step) : FAULT_NONE;
    return fault == FAULT_NONE ? demo_mistake(demo) : fault;
}

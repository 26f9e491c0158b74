#pragma once
/* Private to matter: what one action works on while it is performed. */
#include "base/json_writer.h"
#include "matter/matter.h"

/* How deep effects may call one another: child, parent, and once more. */
enum { EFFECT_DEPTH = 4 };

/* A body of the event, gathered while the action runs. */
struct event_body {
    struct buffer facts, materials, clocks, children, parties;
    struct json_writer facts_json, materials_json, clocks_json, children_json, parties_json;
};

struct performing {
    const struct office *office;
    struct ctx *ctx;
    struct store_tx *tx;
    struct matter *matter;
    const struct rules_action *action;
    const struct rules_state *from;    /* NULL when the matter starts. */
    const struct org **parties_before; /* By party index: what the database holds. */
    const struct act_fact *facts;
    size_t facts_count;
    const int64_t *uploads;
    size_t uploads_count;
    bool by_effect; /* Another matter's action does it: who may is not asked. */
    unsigned depth;
    int64_t happened_ms;
    uint64_t changed_facts; /* Mask of fact indexes. */
    uint64_t set_before;    /* Which had a value when the action began. */
    size_t materials_added;
    struct event_body body;
    int64_t opened_parent; /* When an effect opened it. */
    bool copy_materials;   /* Then: the list begins with copies of the parent's. */
    const char *opened_by;
    int64_t opened_ms;       /* When that action happened: its event is not written yet. */
    const uint8_t *code_mac; /* Starting: of the receipt code; NULL: none. */
};

/* load.c: the whole matter; with `lock`, its row is locked and its version raised by one. */
enum fault record_load(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                       int64_t id, bool lock, struct matter **ret_matter) MUST_CHECK;
struct matter *record_new(struct ctx *ctx, const struct office *office,
                          const struct rules_procedure *procedure);
/* save.c */
enum fault record_save(struct performing *p) MUST_CHECK;
enum fault record_event(struct performing *p) MUST_CHECK;

/* fact.c: mask of the facts that have a value. */
uint64_t facts_set(const struct matter *matter);

/* perform.c: everything about one action of one matter. */
enum fault perform(struct performing *p) MUST_CHECK;

/* who.c */
uint32_t who_parties(const struct matter *matter, const struct actor *actor);
/* May the actor perform the action as somebody of a party, by role? Doesn't look at the state. */
bool who_may(const struct matter *matter, const struct rules_action *action,
             const struct actor *actor);
bool who_may_start(const struct rules_action *action, const struct rules_procedure *procedure,
                   const struct actor *actor, const struct rules_party **ret_party);

/* fact.c */
enum fault facts_apply(struct performing *p) MUST_CHECK;
enum fault facts_save(struct performing *p) MUST_CHECK;
bool facts_hold(struct performing *p, const struct rules_condition *conditions, size_t count);
/* Do the action's own conditions hold? */
bool action_allowed(struct performing *p, const struct rules_action *action,
                    const struct rules_condition **ret_broken);

/* party.c */
enum fault parties_fill(struct performing *p) MUST_CHECK;
enum fault parties_save(struct performing *p) MUST_CHECK;
const char *party_org_code(const struct matter *matter, const struct rules_party *party);

/* clock.c */
enum fault clocks_apply(struct performing *p) MUST_CHECK;

/* material.c */
enum fault materials_attach(struct performing *p) MUST_CHECK;
enum fault materials_copy(struct performing *p, int64_t from_matter) MUST_CHECK;
enum fault materials_list(struct performing *p) MUST_CHECK;
enum fault materials_tick(struct performing *p) MUST_CHECK;

/* receipt.c */
enum fault receipt_sign(struct performing *p) MUST_CHECK;

/* effect.c */
enum fault effects_run(struct performing *p) MUST_CHECK;

/* vault.c */
enum fault vault_put(struct performing *p, const struct rules_fact *fact,
                     const char *value) MUST_CHECK;
enum fault vault_open(struct ctx *ctx, const struct office *office, const struct matter *matter,
                      const struct rules_fact *fact, const char **ret_value) MUST_CHECK;

/* code.c */
void code_make(const struct office *office, struct ctx *ctx, const char *key,
               const uint8_t request[DIGEST_BYTES], char ret_code[RECEIPT_CODE_TEXT]);
void code_mac(const struct office *office, const char *code, uint8_t ret_mac[DIGEST_BYTES]);

#pragma once
/* Private to matter: what one action works on while it is performed. */
#include "base/json_writer.h"
#include "matter/matter.h"

struct paper;

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
    uint32_t members_changed;          /* Mask of parties that are many and were named anew. */
    const struct act_fact *facts;
    size_t facts_count;
    const int64_t *uploads;
    size_t uploads_count;
    bool by_effect; /* Another matter's action does it: who may is not asked. */
    unsigned depth;
    int64_t happened_ms;
    int64_t expired_ms;     /* The clock ran out then, and the program acts; 0: somebody acts. */
    uint64_t changed_facts; /* Mask of fact indexes. */
    uint64_t set_before;    /* Which had a value when the action began. */
    size_t materials_added;
    struct event_body body;
    int64_t opened_parent; /* When an effect opened it. */
    bool copy_materials;   /* Then: the list begins with copies of the parent's. */
    const char *opened_by;
    int64_t opened_ms;         /* When that action happened: its event is not written yet. */
    const uint8_t *code_mac;   /* Starting: of the receipt code; NULL: none. */
    const struct paper *draft; /* The draft that is issued; NULL: none. */
    const char **preview;      /* Nothing shall stay: the paper's content goes here. NULL: no. */
    const char *papers_json;   /* What the event says of the issued paper; NULL: nothing. */
    int64_t event;             /* Its id, once it is written. */
    struct tally_change *clock_changes; /* What became of clocks: for the figures. */
    const char *figures_json;           /* What the event says of a frozen appraisal; NULL. */
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
/* An empty body for the event: what is no action of the rulebook (recount.c) begins with it. */
void event_begin(struct performing *p);

/* edition_child.c: the procedure that an effect opens, of the edition in force if parent and child
 * understand each other, else of the parent's own. */
const struct rules_procedure *edition_of_child(const struct performing *p,
                                               const struct rules_effect *effect);
bool edition_fits(const struct rules_procedure *parent, const struct rules_effect *effect,
                  const struct rules_procedure *child);

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

/* ask.c */
bool facts_hold(struct performing *p, const struct rules_condition *conditions, size_t count);
/* Do the action's own conditions hold? */
bool action_allowed(struct performing *p, const struct rules_action *action,
                    const struct rules_condition **ret_broken);
/* Can they hold once its form is filled in? */
bool action_offered(struct performing *p, const struct rules_action *action);

/* party.c */
enum fault parties_fill(struct performing *p) MUST_CHECK;
enum fault parties_save(struct performing *p) MUST_CHECK;
const char *party_org_code(const struct matter *matter, const struct rules_party *party);

/* clock.c */
enum fault clocks_apply(struct performing *p) MUST_CHECK;
/* If the action extends clocks: is there one that runs, and can each of them still be extended? */
bool clocks_let(const struct matter *matter, const struct rules_action *action, int64_t now_ms);
void clock_note(struct performing *p, const struct clock *clock, const char *change);
/* Which clock is the matter's due day now, and whether one is paused. */
void clocks_earliest(struct matter *matter);

/* clock_due.c */
struct counted {
    struct due first; /* Without the extension. */
    struct due last;  /* With it: what counts. */
};
/* Counts a clock that is not `until` a day from its parts, under any calendar. */
enum fault clock_count(struct ctx *ctx, const struct calendar *calendar, const struct clock *clock,
                       const struct pause *pauses, size_t count,
                       struct counted *ret_counted) MUST_CHECK;
enum fault clock_pause(struct performing *p, struct clock *clock) MUST_CHECK;
enum fault clock_resume(struct performing *p, struct clock *clock) MUST_CHECK;
enum fault clock_extend(struct performing *p, struct clock *clock) MUST_CHECK;
enum fault clock_until(struct performing *p, const struct rules_deadline *rule,
                       struct due *ret_due) MUST_CHECK;
enum fault clock_move(struct performing *p, struct clock *clock) MUST_CHECK;

/* material.c */
enum fault materials_attach(struct performing *p) MUST_CHECK;
enum fault materials_copy(struct performing *p, int64_t from_matter) MUST_CHECK;
enum fault materials_list(struct performing *p) MUST_CHECK;
enum fault materials_tick(struct performing *p) MUST_CHECK;

/* receipt.c */
enum fault receipt_sign(struct performing *p) MUST_CHECK;
struct signature {
    const char *org;
    const char *name;
    int64_t time_ms;
};
/* Who sent the list and when, and who signs for it now. */
enum fault receipt_signers(struct performing *p, struct signature *ret_sender,
                           struct signature *ret_receiver) MUST_CHECK;

/* tally.c: what the event counts for. */
void tally_clock(struct performing *p, const struct clock *clock, const char *change);
enum fault tally_event(struct performing *p) MUST_CHECK;
/* Has this action opened a clock that the body owes? */
bool tally_owes(const struct performing *p, const struct org *org);

/* figure_freeze.c: keeps the appraisal of a period; the event's body tells its digest. */
enum fault figures_freeze(struct performing *p, const struct rules_effect *effect) MUST_CHECK;
void figures_note(struct performing *p, struct json_writer *json);

/* effect.c */
enum fault effects_run(struct performing *p) MUST_CHECK;

/* paper_issue.c: the paper of the action, if it has one, and what the event says of it. */
enum fault papers_issue(struct performing *p) MUST_CHECK;
void papers_note(struct performing *p, struct json_writer *json);
/* paper_draft.c: the draft that the caller issues: its facts and files become the action's. */
enum fault draft_take(struct performing *p, int64_t draft, int64_t revision) MUST_CHECK;
/* May the actor do by this draft, or see in a preview, what his role doesn't let him do? */
bool draft_lets(const struct performing *p);
/* Has nothing but setting of papers happened since that version? */
bool papers_only_since(struct performing *p, int64_t version);

/* vault.c */
enum fault vault_put(struct performing *p, const struct rules_fact *fact,
                     const char *value) MUST_CHECK;
enum fault vault_open(struct ctx *ctx, const struct office *office, const struct matter *matter,
                      const struct rules_fact *fact, const char **ret_value) MUST_CHECK;
/* Any other text of a matter; `code` says its place and is no fact's: it holds a colon. */
struct vault_box {
    const void *nonce;
    size_t nonce_bytes;
    const void *box;
    size_t box_bytes;
};
struct vault_box vault_close(struct ctx *ctx, const struct office *office, int64_t matter,
                             const char *code, const char *text);
enum fault vault_text(struct ctx *ctx, const struct office *office, int64_t matter,
                      const char *code, const struct vault_box *stored,
                      const char **ret_text) MUST_CHECK;

/* code.c */
void code_make(const struct office *office, struct ctx *ctx, const char *key,
               const uint8_t request[DIGEST_BYTES], char ret_code[RECEIPT_CODE_TEXT]);
void code_mac(const struct office *office, const char *code, uint8_t ret_mac[DIGEST_BYTES]);

#pragma once
/*
 * One edition of the regulation as data: loaded, checked, asked, explained. A rulebook is immutable
 * once loaded; any thread may read it; rules_destroy frees it and everything reached from it.
 * Lists are small arrays; sets of states, actions, parties and kinds are bit masks over the
 * `index`. The file format is described in rulebooks/README.md.
 */
#include "base/ctx.h"
#include "base/json_writer.h"
#include "calendar/calendar.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum org_kind {
#define ORG_KIND(CODE, code, zh, en) ORG_##CODE,
#include "rules/tbl/org_kind.h"
#undef ORG_KIND
    ORG_KINDS_COUNT
};

enum role {
#define ROLE(CODE, code, zh, en) ROLE_##CODE,
#include "rules/tbl/role.h"
#undef ROLE
    ROLES_COUNT
};

enum fact_type {
#define FACT_TYPE(CODE, code, what) FACT_##CODE,
#include "rules/tbl/fact_type.h"
#undef FACT_TYPE
    FACT_TYPES_COUNT
};

/* Who may read a fact's value. Everything but `open` is stored encrypted, never in an event. */
enum secrecy {
    SECRECY_OPEN,       /* Every party of the matter. */
    SECRECY_RESTRICTED, /* Only the parties in `seen_by`. */
    SECRECY_SEALED,     /* Only after unsealing with a reason, which is an event. */
};

enum strength { STRENGTH_STATUTORY, STRENGTH_LOCAL, STRENGTH_TARGET };
enum materials_need { MATERIALS_NONE, MATERIALS_OPTIONAL, MATERIALS_REQUIRED };

struct rules_term {
    const char *code;
    struct label label;
    uint32_t kinds;      /* Mask of org_kind this term leads to (grounds of article 12); 0: any. */
    const char *article; /* NULL if none. */
};

struct rules_vocabulary {
    const char *code;
    struct label label;
    struct rules_term *terms;
    size_t terms_count;
};

struct rules_party {
    const char *code;
    struct label label;
    unsigned index;
    uint32_t kinds;                        /* Mask of org_kind that may take this part. */
    bool automatic;                        /* The region's only body of that kind takes it. */
    bool many;                             /* Several bodies take it: all that a fact names. */
    const struct rules_party *recorded_by; /* Who records this party's acts if it is no user. */
};

struct rules_fact {
    const char *code;
    struct label label;
    struct label help; /* zh NULL if none. */
    unsigned index;
    enum fact_type type;
    const struct rules_vocabulary *vocabulary; /* term, terms */
    const struct rules_party *party;           /* body, bodies: naming them fills this party. */
    uint32_t kinds;                            /* Of bodies: mask of org_kind allowed; 0: any. */
    const struct rules_fact *kinds_by;         /* body: this fact's term allows fewer of them. */
    int64_t min, max; /* Characters for texts; values for integer; yuan for money; 0,0: defaults. */
    enum secrecy secrecy;
    uint32_t seen_by; /* restricted: mask of parties. */
    bool search;      /* Its words are searched. Open facts only. */
    bool title;       /* It names the matter in lists. At most one, open. */
};

struct rules_state {
    const char *code;
    struct label label;
    unsigned index;
    bool final;
    const struct rules_party *holder; /* NULL when final. */
    struct label reason;              /* Why it needs no clock; zh NULL if it has one. */
    unsigned step;                    /* Place in the procedure's steps, from 0. */
    uint32_t materials_for;           /* Mask of parties that read the materials; 0: all. */
};

struct rules_setting;
struct rules_paper;

enum condition_kind {
    CONDITION_IS,       /* The fact's value is one of `values`. */
    CONDITION_NOT,      /* It is none of them (or not set). */
    CONDITION_SET,      /* It has a value. */
    CONDITION_UNSET,    /* It has none. */
    CONDITION_OVERDUE,  /* Some open clock of the matter is past its due moment. */
    CONDITION_NO_OPEN,  /* No open child matter of procedure values[0]. */
    CONDITION_SEALED,   /* Some sealed fact has a value. */
    CONDITION_CHILDREN, /* Every child matter of `procedure` is in one of the states `values`. */
    CONDITION_FEWER, /* Fewer than `setting` other matters of this procedure, begun in this calendar
                        year, have the same value of `fact` (a credit code). */
};

struct rules_condition {
    enum condition_kind kind;
    const struct rules_fact *fact; /* For the first four, and FEWER. */
    const char **values;
    size_t values_count;
    const char *procedure;               /* CHILDREN */
    const struct rules_setting *setting; /* FEWER */
};

/* "child party is filled with own party" or "child fact is copied from own fact". */
struct rules_pair {
    const char *to;
    const char *from;
};

enum effect_kind {
    EFFECT_OPEN,   /* Starts a child matter. */
    EFFECT_ACT,    /* Performs an action of the parent matter, or of every open child. */
    EFFECT_LIST,   /* Fixes the material list: from here on it is what the receipt must tick. */
    EFFECT_SIGN,   /* Makes the receipt from the list and the ticks: both sides' signatures. */
    EFFECT_UNSEAL, /* The actor may read the sealed facts, for a day, each reading recorded. */
    EFFECT_FREEZE, /* Keeps the appraisal of a period as it is now; the event tells its digest. */
};

struct rules_effect {
    enum effect_kind kind;
    const char *procedure; /* open: which; act: the procedure of the other matter. */
    const char *action;    /* open: its start action; act: which. */
    bool on_parent;        /* act: the parent (else the children). */
    bool optional;         /* act: skip silently if the other matter can't do it now. */
    bool with_materials;   /* open: the child's list begins with copies of all materials. */
    struct rules_pair *parties, *facts;
    size_t parties_count, facts_count;
    struct rules_pair *constants; /* "their fact is this value": `from` is the value. */
    size_t constants_count;
    const char *period; /* freeze: own fact that says which period. */
    const char *each;   /* open: own fact of type bodies, one child for each; NULL: one child. */
    const char *as;     /* open with each: the child's party which that body takes. */
};

struct rules_action {
    const char *code;
    struct label label;
    struct label help; /* zh NULL if none. */
    unsigned index;
    bool starts;                  /* Begins a matter. */
    uint64_t from;                /* Mask of states. */
    const struct rules_state *to; /* NULL: the state stays. */
    uint32_t by;                  /* Mask of parties; 0 with by_system. */
    bool by_system;               /* Only effects and jobs perform it. */
    uint32_t roles;               /* Mask of roles, any of them. */
    const char **articles;        /* "13", "14(3)"; empty if local. */
    size_t articles_count;
    struct label local; /* Why it exists without an article; zh NULL if it has one. */
    const struct rules_fact **needs, **takes; /* Facts it must have, may have. */
    size_t needs_count, takes_count;
    enum materials_need materials;
    struct rules_condition *when;
    size_t when_count;
    const struct rules_fact *dated_by; /* date or minute fact: the day it really happened. */
    struct rules_effect *effects;
    size_t effects_count;
    const char *paper_code;          /* The official paper it issues; NULL: none. */
    const struct rules_paper *paper; /* The same, once the papers are loaded. */
};

/* Where a clock starts: an action of this matter, or of the parent. */
struct rules_anchor {
    bool parent;
    const char *action;
};

struct rules_setting {
    const char *code;
    struct label label;
    struct label why;  /* What the regulation leaves open here. */
    const char *value; /* Text: a span for clocks, or a number. */
    struct span span;  /* If it is a span (count > 0). */
    const char *article;
};

struct rules_deadline {
    const char *code;
    struct label label;
    unsigned index;
    const struct rules_party *obligor;
    struct span within;                  /* Count 0 with `until`. */
    const struct rules_setting *setting; /* Where `within` comes from, or NULL. */
    const struct rules_fact *until;      /* date, minute: due when this day or minute ends. */
    struct rules_anchor *from; /* own actions open it when performed; parent anchors open it at the
                                  start of this matter, the first in the list that has happened. */
    size_t from_count;
    uint64_t met_by, lifted_by, paused_by, resumed_by; /* Masks of actions. */
    uint64_t extended_by;                              /* Once, before it expires. */
    struct span extension;                             /* By how much; count 0: never. */
    const struct rules_action *on_expiry; /* The program does it when the clock runs out. */
    const char **articles;
    size_t articles_count;
    struct label local; /* Reason of a local or target clock; zh NULL if statutory. */
    enum strength strength;
    struct rules_condition *when;
    size_t when_count;
};

struct rules_procedure {
    const char *code;
    struct label label;
    struct label purpose;
    const char *prefix; /* Of reference numbers: two capital letters. */
    const char **articles;
    size_t articles_count;
    bool portal;     /* The public may start it without an account. */
    bool restricted; /* Matters of it are restricted: reads are logged. */
    bool standing;   /* The program keeps exactly one open matter of it in the region. */
    struct label *steps;
    size_t steps_count;
    struct rules_party *parties;
    size_t parties_count;
    struct rules_fact *facts;
    size_t facts_count;
    struct rules_state *states;
    size_t states_count;
    struct rules_action *actions;
    size_t actions_count;
    struct rules_deadline *deadlines;
    size_t deadlines_count;
};

struct rules_article {
    const char *number; /* "13", "14(3)" */
    struct label requires;
    struct label carried; /* By the header or a feature; zh NULL: by actions and clocks. */
    struct label pending; /* Not built yet, why; zh NULL if built. */
};

/* One row of the competence table (article 3): who is competent. */
struct rules_competence {
    const char *category; /* Term of `trade_category`. */
    const char *stage;    /* Term of `trade_stage`, or NULL: any. */
    const char *sector;   /* Organisations with this sector are competent. */
};

struct figures;
struct rulebook {
    const char *code; /* "zengdu-2021" */
    struct label title;
    const char *document_number;
    int32_t in_force_from;
    int64_t region;      /* GB/T 2260 code, 421303. */
    const char *edition; /* First 16 hex digits of the SHA-256 over all its files. */
    struct rules_article *articles;
    size_t articles_count;
    struct rules_vocabulary *vocabularies;
    size_t vocabularies_count;
    struct rules_setting *settings;
    size_t settings_count;
    struct rules_competence *competence;
    size_t competence_count;
    struct rules_procedure *procedures;
    size_t procedures_count;
    struct rules_paper *papers; /* rules/paper.h */
    size_t papers_count;
    const struct figures *figures; /* What is counted: rules/figure.h. */
    struct arena *arena;
};

/* Loads and checks an edition's folder. RULEBOOK_INVALID: the note lists every mistake as
 * file:line:column: what, one a line. */
enum fault rules_load(struct ctx *ctx, const char *folder, struct rulebook **ret_book) MUST_CHECK;
void rules_destroy(struct rulebook *book);
/* rules_load, and the stories in examples/: their form, and that they exercise every action, state
 * and clock. `report` gets the mistakes, or one line that says all is good. */
enum fault rules_check(struct ctx *ctx, const char *folder, struct buffer *report) MUST_CHECK;

enum { RULES_EDITION_TEXT = 17 };
/* The files that make the edition in a folder, as names below it, in the order of the digest. What
 * only checks it (examples/) or fills a demonstration (demo/) is not among them. */
enum fault rules_edition_files(struct ctx *ctx, const char *folder, const char ***ret_names,
                               size_t *ret_count) MUST_CHECK;
/* What `edition` of the loaded rulebook says, without loading it. */
enum fault rules_edition_digest(struct ctx *ctx, const char *folder,
                                char ret_edition[RULES_EDITION_TEXT]) MUST_CHECK;

/* Looking up by code; NULL if there is none. */
const struct rules_procedure *rules_procedure(const struct rulebook *book, const char *code);
const struct rules_action *rules_action(const struct rules_procedure *procedure, const char *code);
const struct rules_state *rules_state(const struct rules_procedure *procedure, const char *code);
const struct rules_fact *rules_fact(const struct rules_procedure *procedure, const char *code);
const struct rules_party *rules_party(const struct rules_procedure *procedure, const char *code);
const struct rules_deadline *rules_deadline(const struct rules_procedure *procedure,
                                            const char *code);
const struct rules_vocabulary *rules_vocabulary(const struct rulebook *book, const char *code);
const struct rules_term *rules_term(const struct rules_vocabulary *vocabulary, const char *code);
const struct rules_setting *rules_setting(const struct rulebook *book, const char *code);
bool org_kind_parse(const char *code, enum org_kind *ret_kind);
const char *org_kind_code(enum org_kind kind);
const struct label *org_kind_label(enum org_kind kind);
bool role_parse(const char *code, enum role *ret_role);
const char *role_code(enum role role);
const struct label *role_label(enum role role);
const char *fact_type_code(enum fact_type type);
const char *strength_code(enum strength strength);

/*
 * Checks one value that came from outside against its fact and gives the canonical text. `path`
 * names the field for the message ("facts.subject"). Everything but what needs other data (does the
 * body exist, are the ticks complete) is checked here. Returns INVALID_FIELD after recording it.
 */
enum fault rules_fact_check(struct ctx *ctx, const struct rules_fact *fact, const char *path,
                            const char *value, const char **ret_canonical) MUST_CHECK;

/* What conditions ask about a matter. */
struct rules_facts_view {
    const char *(*value)(const void *matter, const struct rules_fact *fact); /* NULL: not set. */
    /* For SET and UNSET: an action's conditions ask how it was before the action. */
    bool (*is_set)(const void *matter, const struct rules_fact *fact);
    bool (*overdue)(const void *matter);
    bool (*open_child)(const void *matter, const char *procedure);
    bool (*sealed)(const void *matter);
    bool (*children_in)(const void *matter, const struct rules_condition *condition);
    int64_t (*alike_this_year)(const void *matter, const struct rules_fact *fact);
    const void *matter;
};
/* Do all conditions hold? If not, *ret_broken (may be NULL) is the first that does not. */
bool rules_holds(const struct rules_condition *conditions, size_t count,
                 const struct rules_facts_view *view, const struct rules_condition **ret_broken);
/* Says in words what a condition asks, for refusals. */
const char *rules_condition_words(struct arena *arena, const struct rules_condition *condition,
                                  enum lang lang);

/* The sector competent for a category and stage by the competence table; several or none are told
 * by the count. */
size_t rules_competent(const struct rulebook *book, const char *category, const char *stage,
                       const char **ret_sectors, size_t sectors_max);

/* Does the action's form ask for the fact: is it among what it needs or takes? */
bool rules_asks(const struct rules_action *action, const struct rules_fact *fact);
/* "only": {fact: [values]}: what the conditions of the action leave of the terms and flags it asks
 * for, where they leave less than all. */
void rules_json_only(struct json_writer *json, const struct rules_action *action);
/* The whole rulebook for the web page and other programs (labels, forms, states, clocks). */
void rules_json(const struct rulebook *book, struct json_writer *writer);
/* Which story exercises a row first, by name of its file; NULL: none. */
struct rules_exercised {
    const char **actions, **deadlines; /* By index. */
};
struct rules_stories {
    struct rules_exercised *procedures; /* By place. */
    const char ***terms;                /* By place of the vocabulary, by place of the term. */
};
/* Reads the stories of a folder for a loaded book; in the ctx's arena. */
enum fault rules_stories(struct ctx *ctx, const char *folder, const struct rulebook *book,
                         struct rules_stories *ret_stories) MUST_CHECK;
/* Each article with its carriers and the story that exercises each (`stories` NULL: not told).
 * False if one is pending, not carried or without a story, or a number is left out. */
bool rules_coverage(const struct rulebook *book, const struct rules_stories *stories,
                    enum lang lang, struct buffer *buffer);
/* The same as a table in Markdown, a row an article. */
void rules_coverage_table(const struct rulebook *book, enum lang lang, struct buffer *buffer);
/* The procedure's state diagram in Mermaid's language. */
void rules_graph(const struct rules_procedure *procedure, enum lang lang, struct buffer *buffer);

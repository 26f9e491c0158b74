#pragma once
/*
 * Official papers of matters: drafts, issued ones, and the queue of those that wait to be set as
 * PDF. A draft is a proposed action: nothing happens to the matter until it is issued by matter_act
 * (act_input.draft). An issued paper never changes; its PDF follows after the commit.
 *
 * Everything here works inside a transaction that the caller's store_read or store_write gave.
 */
#include "matter/matter.h"
#include "rules/paper.h"

enum { PAPER_CHECK_TEXT = 27 };

enum paper_state { PAPER_DRAFT, PAPER_APPROVED, PAPER_ISSUED, PAPER_DROPPED };
const char *paper_state_code(enum paper_state state);

/* What a person may do with a draft; bits of paper.can. */
enum {
    PAPER_CAN_EDIT = 1,
    PAPER_CAN_APPROVE = 2,
    PAPER_CAN_ISSUE = 4,
    PAPER_CAN_DROP = 8,
};

/* Who took a step with a paper, and when. */
struct paper_step {
    int64_t time_ms; /* 0: not done. */
    int64_t account;
    const char *name; /* NULL: the program. */
};

struct paper {
    int64_t id;
    int64_t matter;
    const struct rules_paper *rule;
    const struct rules_action *action;
    const struct org *org;    /* Whose it is. */
    const struct org *to_org; /* The body it addresses; NULL: none. */
    enum paper_state state;
    const char *number; /* NULL: a draft, or a notice without one. */
    const char *title;
    const char *content;          /* JSON for the typesetter; NULL for a draft. */
    const struct act_fact *facts; /* Of a draft: as they were given. */
    size_t facts_count;
    const char *sha256, *sm3; /* Of the content; NULL for a draft. */
    const char *check;
    const char *pdf; /* none, waiting, ready, failed */
    const char *pdf_sha256, *pdf_sm3;
    const char *fonts;
    const char *error; /* Why setting failed last; NULL if it didn't. */
    int64_t pdf_bytes, pages;
    struct paper_step drafted, approved, issued; /* A draft's drafted.time_ms is its revision. */
    unsigned can;
};

/* The papers of a matter that ctx->actor may see, oldest first. The caller has read the matter. */
enum fault matter_papers(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                         const struct matter *matter, struct paper **ret_papers,
                         size_t *ret_count) MUST_CHECK;
/* One of them; NOT_FOUND. */
enum fault matter_paper(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                        const struct matter *matter, int64_t id,
                        struct paper **ret_paper) MUST_CHECK;
/* Is the paper addressed to the public, so that who follows the matter by its code may read it? */
bool paper_to_public(const struct matter *matter, const struct paper *paper);
/* The files kept for a draft; name, id, digests. */
enum fault paper_uploads(struct ctx *ctx, struct store_tx *tx, const struct paper *paper,
                         struct material **ret_uploads, size_t *ret_count) MUST_CHECK;

/* Actions with a paper that the actor may draft now, whether or not it may perform them; a mask. */
uint64_t matter_draftable(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                          const struct matter *matter);

/* ---- Drafts: works of write transactions; each checks who may ---- */

struct paper_drafting {
    const struct office *office;
    int64_t matter;
    int64_t paper;      /* 0: a new draft. */
    const char *action; /* Of a new one. */
    const struct act_fact *facts;
    size_t facts_count;
    const int64_t *uploads; /* Those of the draft now may be among them; others are given up. */
    size_t uploads_count;
    int64_t ret_paper;
};
/* Makes a draft, or edits one (an approved one is a draft again). Everything is checked but the
 * role and the files: what couldn't be issued now is refused. */
enum fault paper_draft(struct ctx *ctx, struct store_tx *tx, void *arg) MUST_CHECK;

struct paper_decision {
    const struct office *office;
    int64_t matter;
    int64_t paper;
    int64_t revision; /* Of the draft, as who approves read it; 0: not asked. */
};
enum fault paper_approve(struct ctx *ctx, struct store_tx *tx, void *arg) MUST_CHECK;
enum fault paper_drop(struct ctx *ctx, struct store_tx *tx, void *arg) MUST_CHECK;

/* ---- The content as the typesetter takes it ---- */

/* What is added to an issued paper's content: the code that lets anybody check it, at the server's
 * public address. */
const char *paper_setting(struct arena *arena, const char *content, const char *public_url,
                          const char *check);
/* The same of a draft: with a mark. */
const char *paper_setting_draft(struct arena *arena, const char *content);

/* ---- The queue of papers to be set; as ACTOR_SYSTEM ---- */

struct paper_job {
    const struct office *office;
    int64_t paper; /* Of those that wait. */
    int64_t tries; /* How often it was tried, this time included: says whose claim it is. */
    int64_t matter;
    const char *content, *check;
    bool ret_claimed;
};
/* Papers that wait and whose time has come, longest waiting first. *ret_next_ms: when the next one
 * comes, 0: none waits. */
enum fault papers_waiting(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                          int64_t *ret_papers, size_t max, size_t *ret_count,
                          int64_t *ret_next_ms) MUST_CHECK;
/* Takes one, for a minute; not claimed if another process was quicker. arg: struct paper_job */
enum fault paper_claim(struct ctx *ctx, struct store_tx *tx, void *arg) MUST_CHECK;

struct paper_outcome {
    const struct paper_job *job;
    /* It was set: */
    struct digest digest; /* Of the file, which lies in its place already. */
    int64_t bytes, pages;
    const char *fonts;
    /* Or not: */
    enum fault fault;
    const char *error;
    bool ret_kept; /* The claim still held. */
};
/* Records the PDF and appends the event `paper_set` to the matter. */
enum fault paper_set(struct ctx *ctx, struct store_tx *tx, void *arg) MUST_CHECK;
/* Records why it failed and when to try again: 10 s, then twice as long each time, up to 6 hours.
 */
enum fault paper_failed(struct ctx *ctx, struct store_tx *tx, void *arg) MUST_CHECK;
/* The action of the event that paper_set appends; no rulebook has it. */
#define PAPER_SET_ACTION "paper_set"
extern const struct label paper_set_label;

/* ---- For everybody ---- */

struct paper_checked {
    const struct office *office;
    const char *check;
    const char *number;
    const struct org *org;
    const char *sha256, *sm3; /* Of the PDF; NULL while it isn't set. */
    int64_t issued_ms;
};
/* What the public page may say of the paper with this check code; NOT_FOUND. No content. */
enum fault paper_check(struct ctx *ctx, struct store_tx *tx,
                       struct paper_checked *checked) MUST_CHECK;

/* ---- Drafts that wait in a body (workbench) ---- */

struct paper_waiting {
    int64_t matter;
    const char *reference, *title;
    const struct rules_procedure *procedure;
    int64_t version;
    struct paper paper;
};
/* Drafts of the actor's body, in matters it sees, oldest first; at most `max`. */
enum fault papers_drafted(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                          size_t max, struct paper_waiting **ret_waiting,
                          size_t *ret_count) MUST_CHECK;

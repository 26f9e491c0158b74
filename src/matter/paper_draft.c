/*
 * Drafts of papers: a proposed action with its facts and files. The matter's row is locked for each
 * step but its version stays: nothing happens to the matter until the draft is issued (act.c takes
 * it from here, in draft_take).
 */
#include "base/id.h"
#include "matter/paper_inner.h"

#include <assert.h>
#include <string.h>

/* Of one body in one matter, dropped ones too. */
enum { DRAFTS_MAX = 100 };

/* What one step works on. */
struct stepping {
    struct performing p;
    struct paper *paper; /* NULL: a new one. */
};

/* Locks the matter's row without saying that it changed. */
static enum fault lock_matter(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                              int64_t matter)
{
    SCOPED(sql_rows) rows = NULL;
    return sql_one(tx, ctx,
                   "UPDATE matter SET version = version WHERE region = $1 AND id = $2"
                   " RETURNING id",
                   SQL_ARGS(sql_int(office->region), sql_int(matter)), &rows);
}

/* Is the draft there for this person, and still a draft? */
static enum fault load_open(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                            const struct matter *matter, int64_t id, struct paper **ret_paper)
{
    enum fault fault = paper_load(ctx, tx, office, matter, id, ret_paper);
    if (fault != FAULT_NONE) {
        return fault;
    }
    const struct paper *paper = *ret_paper;
    if (!paper_drafter(matter, paper->action, ctx->actor)) {
        return FAULT_NOT_FOUND;
    }
    if (paper->state != PAPER_DRAFT && paper->state != PAPER_APPROVED) {
        return ctx_fail(ctx, FAULT_RULE_REFUSED, "This draft is no longer open.",
                        "该文稿已印发或已作废。");
    }
    return FAULT_NONE;
}

static enum fault begin(struct ctx *ctx, struct store_tx *tx, const struct office *office,
                        int64_t matter, int64_t paper, struct stepping *s)
{
    *s = (struct stepping){.p = {.office = office, .ctx = ctx, .tx = tx}};
    enum fault fault = people_check_visible(ctx, tx, matter);
    if (fault == FAULT_NONE) {
        fault = lock_matter(ctx, tx, office, matter);
    }
    if (fault == FAULT_NONE) {
        fault = record_load(ctx, tx, office, matter, false, &s->p.matter);
    }
    if (fault == FAULT_NONE && paper != 0) {
        fault = load_open(ctx, tx, office, s->p.matter, paper, &s->paper);
    }
    if (fault == FAULT_NONE) {
        s->p.from = s->p.matter->state;
        s->p.action = s->paper == NULL ? NULL : s->paper->action;
    }
    return fault;
}

/* Nobody approves or issues what he has not read. */
static enum fault check_revision(struct ctx *ctx, const struct paper *paper, int64_t revision)
{
    return revision == 0 || revision == paper->drafted.time_ms
               ? FAULT_NONE
               : ctx_fail(ctx, FAULT_VERSION_STALE,
                          "The draft has been changed since you read it; read it again.",
                          "文稿已被修改，请重新查看后再办理。");
}

static enum fault refuse_state(const struct performing *p)
{
    return ctx_fail(p->ctx, FAULT_RULE_REFUSED, "In the state '%s' this can not be done: %s.",
                    "当前状态“%s”下不能办理：%s。", label_text(&p->from->label, p->ctx->lang),
                    label_text(&p->action->label, p->ctx->lang));
}

/*
 * Could it be issued as things are, by somebody who may? All that needs no writing is asked: state,
 * facts, conditions. The title is what it would be called.
 */
static enum fault check_draft(struct performing *p, const char **ret_title)
{
    if ((p->action->from & 1ull << p->from->index) == 0) {
        return refuse_state(p);
    }
    p->set_before = facts_set(p->matter);
    enum fault fault = facts_apply(p);
    fault = fault == FAULT_NONE ? ctx_fields_fault(p->ctx) : fault;
    const struct rules_condition *broken = NULL;
    if (fault == FAULT_NONE && !action_allowed(p, p->action, &broken)) {
        const char *words = rules_condition_words(p->ctx->arena, broken, p->ctx->lang);
        fault = ctx_fail(p->ctx, FAULT_RULE_REFUSED, "Not now: %s", "当前不能办理：%s", words);
    }
    const struct rules_paper *rule = p->action->paper;
    struct composing c = {.p = p, .rule = rule, .org = p->matter->parties[rule->issuer->index]};
    return fault == FAULT_NONE ? paper_wording(&c, &rule->title, ret_title) : fault;
}

static bool has_id(const int64_t *ids, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++) {
        if (ids[i] == id) {
            return true;
        }
    }
    return false;
}

static enum fault mark_upload(const struct performing *p, int64_t upload, int64_t paper)
{
    int64_t changed = 0;
    enum fault fault =
        sql_run(p->tx, p->ctx,
                "UPDATE upload SET paper = $3 WHERE region = $1 AND id = $2 AND paper IS NULL"
                " AND coalesce(account, 0) = $4",
                SQL_ARGS(sql_int(p->office->region), sql_int(upload), sql_int(paper),
                         sql_int(p->ctx->actor->account)),
                &changed);
    if (fault == FAULT_NONE && changed == 0) {
        fault = ctx_field(p->ctx, "materials", "There is no such upload; upload the file again.",
                          "没有这个上传文件，请重新上传。");
    }
    return fault;
}

static enum fault free_upload(const struct performing *p, int64_t upload)
{
    return sql_run(p->tx, p->ctx, "UPDATE upload SET paper = NULL WHERE region = $1 AND id = $2",
                   SQL_ARGS(sql_int(p->office->region), sql_int(upload)), NULL);
}

/* Keeps exactly the files named; what the draft had and no longer wants is free, and swept later.
 */
static enum fault keep_uploads(const struct performing *p, const struct paper *paper,
                               const int64_t *wanted, size_t wanted_count)
{
    struct material *had = NULL;
    size_t had_count = 0;
    enum fault fault = paper_uploads(p->ctx, p->tx, paper, &had, &had_count);
    int64_t *ids = arena_array(p->ctx->arena, had_count + 1, sizeof *ids);
    for (size_t i = 0; i < had_count && fault == FAULT_NONE; i++) {
        ids[i] = had[i].id;
        if (!has_id(wanted, wanted_count, ids[i])) {
            fault = free_upload(p, ids[i]);
        }
    }
    for (size_t i = 0; i < wanted_count && fault == FAULT_NONE; i++) {
        if (!has_id(ids, had_count, wanted[i])) {
            fault = mark_upload(p, wanted[i], paper->id);
        }
    }
    return fault;
}

/* Whoever makes drafts without end must not hide what was issued. */
static enum fault check_room(const struct performing *p)
{
    SCOPED(sql_rows) rows = NULL;
    enum fault fault =
        sql_one(p->tx, p->ctx,
                "SELECT count(*) FROM paper WHERE region = $1 AND matter = $2 AND org = $3"
                " AND state <> 'issued'",
                SQL_ARGS(sql_int(p->office->region), sql_int(p->matter->id),
                         sql_text(p->matter->parties[p->action->paper->issuer->index]->code)),
                &rows);
    return fault != FAULT_NONE || sql_column_int(rows, 0) < DRAFTS_MAX
               ? fault
               : ctx_fail(p->ctx, FAULT_RULE_REFUSED,
                          "This matter has %d drafts; edit one of them instead.",
                          "本事项已有%d份文稿，请在已有文稿上修改。", DRAFTS_MAX);
}

static enum fault insert_draft(const struct performing *p, int64_t id, const struct vault_box *box)
{
    const struct rules_paper *rule = p->action->paper;
    return sql_run(p->tx, p->ctx,
                   "INSERT INTO paper (region, id, matter, code, action, org, state, nonce, box,"
                   " pdf, drafted_ms, drafted_by) VALUES ($1, $2, $3, $4, $5, $6, 'draft', $7, $8,"
                   " 'none', $9, $10)",
                   SQL_ARGS(sql_int(p->office->region), sql_int(id), sql_int(p->matter->id),
                            sql_text(rule->code), sql_text(p->action->code),
                            sql_text(p->matter->parties[rule->issuer->index]->code),
                            sql_blob(box->nonce, box->nonce_bytes),
                            sql_blob(box->box, box->box_bytes), sql_int(p->ctx->now_ms),
                            sql_int(p->ctx->actor->account)),
                   NULL);
}

/* Who changed it last drafted it: it is his text that is approved now. */
static enum fault update_draft(const struct performing *p, int64_t id, const struct vault_box *box)
{
    return sql_run(p->tx, p->ctx,
                   "UPDATE paper SET state = 'draft', nonce = $3, box = $4, drafted_ms = $5,"
                   " drafted_by = $6, approved_ms = NULL, approved_by = NULL"
                   " WHERE region = $1 AND id = $2",
                   SQL_ARGS(sql_int(p->office->region), sql_int(id),
                            sql_blob(box->nonce, box->nonce_bytes),
                            sql_blob(box->box, box->box_bytes), sql_int(p->ctx->now_ms),
                            sql_int(p->ctx->actor->account)),
                   NULL);
}

static enum fault save_draft(struct stepping *s, struct paper_drafting *drafting, const char *title)
{
    const struct performing *p = &s->p;
    bool made = s->paper == NULL;
    struct paper fresh = {.id = made ? id_make(p->ctx->now_ms) : s->paper->id};
    const char *text = paper_text_draft(p->ctx->arena, title, p->facts, p->facts_count);
    struct vault_box box = paper_close(p->ctx, p->office, p->matter->id, fresh.id, text);
    enum fault fault = made ? insert_draft(p, fresh.id, &box) : update_draft(p, fresh.id, &box);
    drafting->ret_paper = fresh.id;
    return fault == FAULT_NONE ? keep_uploads(p, &fresh, drafting->uploads, drafting->uploads_count)
                               : fault;
}

static enum fault find_action(struct stepping *s, const struct paper_drafting *drafting)
{
    struct ctx *ctx = s->p.ctx;
    if (s->paper == NULL) {
        assert(drafting->action != NULL);
        s->p.action = rules_action(s->p.matter->procedure, drafting->action);
    }
    const struct rules_action *action = s->p.action;
    if (action == NULL || action->starts || action->paper == NULL) {
        return ctx_fail(ctx, FAULT_NOT_FOUND, "No such action of this matter issues a paper.",
                        "该事项没有此项发文操作。");
    }
    return paper_drafter(s->p.matter, action, ctx->actor)
               ? FAULT_NONE
               : ctx_fail(ctx, FAULT_FORBIDDEN, "Your body may not draft this paper.",
                          "您所在单位不能拟此文稿。");
}

enum fault paper_draft(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    struct paper_drafting *drafting = arg;
    struct stepping s;
    const char *title = NULL;
    enum fault fault = begin(ctx, tx, drafting->office, drafting->matter, drafting->paper, &s);
    if (fault == FAULT_NONE) {
        fault = find_action(&s, drafting);
    }
    if (fault == FAULT_NONE) {
        s.p.facts = drafting->facts;
        s.p.facts_count = drafting->facts_count;
        fault = check_draft(&s.p, &title);
    }
    if (fault == FAULT_NONE && s.paper == NULL) {
        fault = check_room(&s.p);
    }
    return fault == FAULT_NONE ? save_draft(&s, drafting, title) : fault;
}

enum fault paper_approve(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    const struct paper_decision *decision = arg;
    struct stepping s;
    enum fault fault = begin(ctx, tx, decision->office, decision->matter, decision->paper, &s);
    if (fault != FAULT_NONE) {
        return fault;
    }
    if (!paper_approver(s.p.matter, s.p.action, ctx->actor)) {
        return ctx_fail(ctx, FAULT_FORBIDDEN, "Only an approver or the head approves this.",
                        "须由有权审批的负责人审批。");
    }
    if (s.paper->state != PAPER_DRAFT) {
        return ctx_fail(ctx, FAULT_RULE_REFUSED, "It has been approved already.", "该文稿已审批。");
    }
    const char *title = NULL;
    s.p.facts = s.paper->facts;
    s.p.facts_count = s.paper->facts_count;
    fault = check_revision(ctx, s.paper, decision->revision);
    if (fault == FAULT_NONE) {
        fault = check_draft(&s.p, &title);
    }
    return fault == FAULT_NONE
               ? sql_run(tx, ctx,
                         "UPDATE paper SET state = 'approved', approved_ms = $3, approved_by = $4"
                         " WHERE region = $1 AND id = $2",
                         SQL_ARGS(sql_int(decision->office->region), sql_int(decision->paper),
                                  sql_int(ctx->now_ms), sql_int(ctx->actor->account)),
                         NULL)
               : fault;
}

enum fault paper_drop(struct ctx *ctx, struct store_tx *tx, void *arg)
{
    const struct paper_decision *decision = arg;
    struct stepping s;
    enum fault fault = begin(ctx, tx, decision->office, decision->matter, decision->paper, &s);
    if (fault == FAULT_NONE) {
        fault =
            sql_run(tx, ctx, "UPDATE paper SET state = 'dropped' WHERE region = $1 AND id = $2",
                    SQL_ARGS(sql_int(decision->office->region), sql_int(decision->paper)), NULL);
    }
    return fault == FAULT_NONE ? keep_uploads(&s.p, s.paper, NULL, 0) : fault;
}

/* ---- Issuing one: called by act.c with the matter locked ---- */

enum fault draft_take(struct performing *p, int64_t draft, int64_t revision)
{
    if (draft == 0) {
        return FAULT_NONE;
    }
    struct paper *paper = NULL;
    struct material *uploads = NULL;
    enum fault fault = load_open(p->ctx, p->tx, p->office, p->matter, draft, &paper);
    if (fault == FAULT_NONE && paper->action != p->action) {
        fault = FAULT_NOT_FOUND;
    }
    if (fault == FAULT_NONE) {
        fault = check_revision(p->ctx, paper, revision);
    }
    if (fault == FAULT_NONE) {
        fault = paper_uploads(p->ctx, p->tx, paper, &uploads, &p->uploads_count);
    }
    if (fault != FAULT_NONE) {
        return fault;
    }
    int64_t *ids = arena_array(p->ctx->arena, p->uploads_count + 1, sizeof *ids);
    for (size_t i = 0; i < p->uploads_count; i++) {
        ids[i] = uploads[i].id;
    }
    p->uploads = ids;
    p->facts = paper->facts;
    p->facts_count = paper->facts_count;
    p->draft = paper;
    return FAULT_NONE;
}

bool draft_lets(const struct performing *p)
{
    bool approved = p->draft != NULL && p->draft->state == PAPER_APPROVED;
    return (approved || p->preview != NULL) && paper_drafter(p->matter, p->action, p->ctx->actor);
}

bool papers_only_since(struct performing *p, int64_t version)
{
    /* Loading raised the version by one. */
    int64_t now = p->matter->version - 1;
    SCOPED(sql_rows) rows = NULL;
    if (version < 1 || version >= now) {
        return false;
    }
    enum fault fault =
        sql_one(p->tx, p->ctx,
                "SELECT count(*) FROM event WHERE region = $1 AND matter = $2 AND version > $3"
                " AND version <= $4 AND action = '" PAPER_SET_ACTION "'",
                SQL_ARGS(sql_int(p->office->region), sql_int(p->matter->id), sql_int(version),
                         sql_int(now)),
                &rows);
    return fault == FAULT_NONE && sql_column_int(rows, 0) == now - version;
}

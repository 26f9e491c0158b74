/* Templates of official papers: documents/CODE.yaml, one file each. */
#include "rules/paper.h"

#include "base/file.h"
#include "rules/inner.h"

#include <unistd.h>

enum { NAME_BYTES = 80, HEADING_LEVELS = 4 };

static const char *const formats[] = {"letter", "file", "plain"};

const char *paper_format_code(enum paper_format format)
{
    return formats[format];
}

const struct rules_paper *rules_paper(const struct rulebook *book, const char *code)
{
    for (size_t i = 0; code != NULL && i < book->papers_count; i++) {
        if (strcmp(book->papers[i].code, code) == 0) {
            return &book->papers[i];
        }
    }
    return NULL;
}

/* ---- Words in braces ---- */

static bool plain_name(const char *name, struct rules_piece *piece)
{
    static const struct {
        const char *name;
        enum piece_kind kind;
    } names[] = {
        {"today", PIECE_TODAY},
        {"reference", PIECE_REFERENCE},
        {"parent.reference", PIECE_PARENT},
        {"number", PIECE_NUMBER},
        {"issuer", PIECE_ISSUER},
        {"receipt.sender", PIECE_SENT_BY},
        {"receipt.sent", PIECE_SENT_AT},
        {"receipt.receiver", PIECE_RECEIVED_BY},
        {"receipt.received", PIECE_RECEIVED_AT},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i].name, name) == 0) {
            piece->kind = names[i].kind;
            return true;
        }
    }
    return false;
}

static bool find_name(const struct rules_procedure *procedure, const char *name,
                      struct rules_piece *piece)
{
    if (plain_name(name, piece)) {
        return true;
    }
    if (strncmp(name, "party.", 6) == 0) {
        piece->kind = PIECE_PARTY;
        piece->party = rules_party(procedure, name + 6);
        return piece->party != NULL;
    }
    if (strncmp(name, "due.", 4) == 0) {
        piece->kind = PIECE_DUE;
        piece->deadline = rules_deadline(procedure, name + 4);
        return piece->deadline != NULL;
    }
    piece->kind = PIECE_FACT;
    piece->fact = rules_fact(procedure, name);
    return piece->fact != NULL;
}

/* Reads what stands between braces; `*at` is behind the opening one, and moves behind the closing
 * one. */
static bool load_name(struct loading *l, const struct yaml_node *node,
                      const struct rules_procedure *procedure, const char **at,
                      struct rules_piece *piece)
{
    char name[NAME_BYTES];
    size_t length = strcspn(*at, "{}");
    if ((*at)[length] != '}' || length == 0 || length >= sizeof name) {
        yaml_wrong(&l->report, node, "a brace is not closed, or holds no name");
        return false;
    }
    memcpy(name, *at, length);
    name[length] = 0;
    *at += length + 1;
    if (!find_name(procedure, name, piece)) {
        yaml_wrong(&l->report, node, "'%s' is no fact, party or other word a paper knows", name);
        return false;
    }
    return true;
}

static struct rules_wording load_wording(struct loading *l, const struct yaml_node *node,
                                         const struct rules_procedure *procedure)
{
    struct rules_wording wording = {.count = 0};
    size_t most = 1;
    for (const char *p = node->text; *p != 0; p++) {
        most += *p == '{' ? 2 : 0;
    }
    wording.pieces = kept_array(l, most, sizeof *wording.pieces);
    for (const char *at = node->text; *at != 0;) {
        struct rules_piece *piece = &wording.pieces[wording.count];
        size_t plain = strcspn(at, "{}");
        if (plain > 0) {
            piece->text = arena_bytes(l->arena, at, plain);
            at += plain;
        } else if (*at == '}') {
            yaml_wrong(&l->report, node, "a brace is closed that was not opened");
            return wording;
        } else {
            at++;
            if (!load_name(l, node, procedure, &at, piece)) {
                return wording;
            }
        }
        wording.count++;
    }
    return wording;
}

/* A key's text with its names looked up; empty if the key is missing. */
static struct rules_wording read_wording(struct loading *l, const struct yaml_node *root,
                                         const char *key, const struct rules_procedure *procedure,
                                         bool required)
{
    const char *text = yaml_text(&l->report, root, key, required);
    return text == NULL ? (struct rules_wording){.count = 0}
                        : load_wording(l, yaml_get(root, key), procedure);
}

/* ---- The body ---- */

static void load_table(struct loading *l, const struct yaml_node *node, struct rules_part *part)
{
    const char *table = yaml_text(&l->report, node, "table", true);
    if (table == NULL) {
        return;
    }
    part->kind = strcmp(table, "receipt") == 0 ? PART_RECEIPT : PART_MATERIALS;
    if (part->kind == PART_MATERIALS && strcmp(table, "materials") != 0) {
        yaml_wrong(&l->report, node, "'table' is materials or receipt");
    }
}

static void load_part(struct loading *l, const struct yaml_node *node,
                      const struct rules_procedure *procedure, struct rules_part *part)
{
    static const char *const keys[] = {"text", "heading", "level", "table", "when", NULL};
    part->kind = PART_TEXT;
    if (node->kind == YAML_SCALAR) {
        part->words = load_wording(l, node, procedure);
        return;
    }
    yaml_only(&l->report, node, keys);
    part->when = load_conditions(l, node, procedure, &part->when_count);
    if (yaml_get(node, "table") != NULL) {
        load_table(l, node, part);
    } else if (yaml_get(node, "heading") != NULL) {
        part->kind = PART_HEADING;
        part->level = (unsigned)yaml_int(&l->report, node, "level", 1, HEADING_LEVELS, 1);
        part->words = read_wording(l, node, "heading", procedure, true);
    } else {
        part->words = read_wording(l, node, "text", procedure, true);
    }
}

static void load_parts(struct loading *l, const struct yaml_node *root, struct rules_paper *paper)
{
    const struct yaml_node *list = read_list(l, root, "body", true);
    size_t count = list == NULL ? 0 : list->count;
    if (list != NULL && count == 0) {
        yaml_wrong(&l->report, list, "a paper has a body");
    }
    paper->parts = kept_array(l, count, sizeof *paper->parts);
    for (size_t i = 0; i < count; i++) {
        load_part(l, item_at(list, i), paper->procedure, &paper->parts[paper->parts_count++]);
    }
}

static void load_attachments(struct loading *l, const struct yaml_node *root,
                             struct rules_paper *paper)
{
    const struct yaml_node *list = read_list(l, root, "attachments", false);
    size_t count = list == NULL ? 0 : list->count;
    paper->attachments = kept_array(l, count, sizeof *paper->attachments);
    for (size_t i = 0; i < count; i++) {
        const struct yaml_node *node = item_at(list, i);
        if (node->kind != YAML_SCALAR) {
            yaml_wrong(&l->report, node, "a word is expected");
            continue;
        }
        paper->attachments[paper->attachments_count++] = load_wording(l, node, paper->procedure);
    }
}

/* ---- Who ---- */

static uint32_t read_parties(struct loading *l, const struct yaml_node *root, const char *key,
                             const struct rules_procedure *procedure)
{
    size_t count = 0;
    uint32_t mask = 0;
    const char **codes = read_words(l, root, key, &count);
    for (size_t i = 0; i < count; i++) {
        const struct rules_party *party = rules_party(procedure, codes[i]);
        if (party == NULL) {
            yaml_wrong(&l->report, yaml_get(root, key), "there is no party '%s'", codes[i]);
        } else {
            mask |= 1u << party->index;
        }
    }
    return mask;
}

static void load_to(struct loading *l, const struct yaml_node *root, struct rules_paper *paper)
{
    const char *to = yaml_text(&l->report, root, "to", false);
    paper->to_holder = to != NULL && strcmp(to, "holder") == 0;
    if (to == NULL || paper->to_holder) {
        return;
    }
    paper->to_party = rules_party(paper->procedure, to);
    paper->to_fact = paper->to_party == NULL ? rules_fact(paper->procedure, to) : NULL;
    const struct rules_fact *fact = paper->to_fact;
    bool addressee = fact != NULL && (fact->type == FACT_LINE || fact->type == FACT_BODY ||
                                      fact->type == FACT_BODIES || fact->type == FACT_PERSON);
    if (paper->to_party == NULL && !addressee) {
        yaml_wrong(&l->report, yaml_get(root, "to"),
                   "'to' names a party, holder, or a fact of type line, person, body or"
                   " bodies");
    }
    /* Naming a body by the fact that fills its party is naming the party. */
    if (addressee && fact->party != NULL) {
        paper->to_party = fact->party;
        paper->to_fact = NULL;
    }
}

static void load_people(struct loading *l, const struct yaml_node *root, struct rules_paper *paper)
{
    const char *issuer = yaml_text(&l->report, root, "issuer", true);
    paper->issuer = issuer == NULL ? NULL : rules_party(paper->procedure, issuer);
    if (issuer != NULL && (paper->issuer == NULL || paper->issuer->many)) {
        yaml_wrong(&l->report, yaml_get(root, "issuer"),
                   "'issuer' names the one party whose paper it is");
    }
    load_to(l, root, paper);
    paper->copies = read_parties(l, root, "copies", paper->procedure);
    paper->readers = paper->copies | read_parties(l, root, "seen_by", paper->procedure);
    paper->readers |= paper->issuer == NULL ? 0 : 1u << paper->issuer->index;
    paper->readers |= paper->to_party == NULL ? 0 : 1u << paper->to_party->index;
}

static void load_format(struct loading *l, const struct yaml_node *root, struct rules_paper *paper)
{
    const char *format = yaml_text(&l->report, root, "format", true);
    bool known = false;
    for (unsigned i = 0; format != NULL && i < sizeof formats / sizeof formats[0]; i++) {
        if (strcmp(formats[i], format) == 0) {
            paper->format = (enum paper_format)i;
            known = true;
        }
    }
    if (format != NULL && !known) {
        yaml_wrong(&l->report, yaml_get(root, "format"), "'format' is letter, file or plain");
    }
    paper->word = read_text(l, root, "word", false);
    if (known && paper->format != PAPER_PLAIN && paper->word == NULL) {
        yaml_wrong(&l->report, root, "a letter or file has a number: 'word' is missing");
    }
}

static void load_paper(struct loading *l, const struct yaml_node *root, struct rules_paper *paper)
{
    static const char *const keys[] = {
        "code", "label",    "procedure", "issuer", "to",   "copies", "seen_by",     "format",
        "word", "articles", "local",     "title",  "body", "note",   "attachments", NULL};
    yaml_only(&l->report, root, keys);
    paper->label = read_label(l, root, "label", true);
    paper->local = read_label(l, root, "local", false);
    paper->articles = load_row_articles(l, root, &paper->articles_count);
    if (paper->articles_count == 0 && paper->local.zh == NULL) {
        yaml_wrong(&l->report, root, "a paper names its article, or says why in 'local'");
    }
    load_format(l, root, paper);
    load_people(l, root, paper);
    paper->title = read_wording(l, root, "title", paper->procedure, true);
    load_parts(l, root, paper);
    load_attachments(l, root, paper);
    paper->note = read_wording(l, root, "note", paper->procedure, false);
}

/* Its code is its file's name; the procedure must be there to look names up in. */
static bool begin_paper(struct loading *l, const struct yaml_node *root, const char *file,
                        struct rules_paper *paper)
{
    paper->code = read_text(l, root, "code", true);
    const char *procedure = yaml_text(&l->report, root, "procedure", true);
    if (paper->code == NULL || procedure == NULL) {
        return false;
    }
    if (strcmp(arena_printf(l->ctx->arena, "%s.yaml", paper->code), file) != 0) {
        yaml_wrong(&l->report, root, "the file of the paper '%s' is called %s.yaml", paper->code,
                   paper->code);
        return false;
    }
    paper->procedure = rules_procedure(l->book, procedure);
    if (paper->procedure == NULL) {
        yaml_wrong(&l->report, yaml_get(root, "procedure"), "there is no procedure '%s'",
                   procedure);
    }
    return paper->procedure != NULL;
}

static size_t list_papers(struct loading *l, const char *folder, const struct yaml_node *at,
                          char ***ret_names)
{
    size_t count = 0;
    const char *documents = arena_printf(l->ctx->arena, "%s/documents", folder);
    /* A rulebook without papers needs no folder for them. */
    if (access(documents, F_OK) != 0) {
        return 0;
    }
    if (file_list(l->ctx, documents, ".yaml", ret_names, &count) != FAULT_NONE) {
        yaml_wrong(&l->report, at, "the folder 'documents' can not be read");
        return 0;
    }
    return count;
}

static void link_actions(struct rulebook *book)
{
    for (size_t i = 0; i < book->procedures_count; i++) {
        struct rules_procedure *procedure = &book->procedures[i];
        for (size_t k = 0; k < procedure->actions_count; k++) {
            procedure->actions[k].paper = rules_paper(book, procedure->actions[k].paper_code);
        }
    }
}

void load_papers(struct loading *l, const char *folder, struct yaml_node *const *procedures)
{
    char **names = NULL;
    size_t count = list_papers(l, folder, procedures[0], &names);
    struct yaml_node **roots = arena_array(l->ctx->arena, count + 1, sizeof *roots);
    l->book->papers = kept_array(l, count, sizeof *l->book->papers);
    for (size_t i = 0; i < count; i++) {
        const char *path = arena_printf(l->ctx->arena, "%s/documents/%s", folder, names[i]);
        struct rules_paper *paper = &l->book->papers[l->book->papers_count];
        struct yaml_node *root = yaml_load(l->ctx, &l->report, path);
        if (root == NULL || !begin_paper(l, root, names[i], paper)) {
            continue;
        }
        roots[l->book->papers_count++] = root;
        load_paper(l, root, paper);
    }
    link_actions(l->book);
    if (l->report.count == 0) {
        check_papers(l, procedures, roots);
    }
}

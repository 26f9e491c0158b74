#pragma once
/*
 * Official papers (公文) that actions issue, as templates: documents/CODE.yaml. Part of a rulebook,
 * immutable with it. Words in braces were looked up when the template was loaded, so that nothing
 * about a template can fail when a paper is made, but a value that isn't there.
 */
#include "rules/rules.h"

enum paper_format {
    PAPER_LETTER, /* 信函格式 */
    PAPER_FILE,   /* 文件格式 */
    PAPER_PLAIN,  /* Notices to persons: no kind of official document by the standard. */
};

enum piece_kind {
    PIECE_TEXT, /* As it stands. */
    PIECE_FACT,
    PIECE_PARTY,       /* {party.CODE}: the body's name. */
    PIECE_DUE,         /* {due.CODE}: the last day of that clock. */
    PIECE_TODAY,       /* The day of issue. */
    PIECE_REFERENCE,   /* Of the matter. */
    PIECE_PARENT,      /* {parent.reference} */
    PIECE_NUMBER,      /* Of the paper. */
    PIECE_ISSUER,      /* The issuing body's name. */
    PIECE_SENT_BY,     /* {receipt.sender}, {receipt.sent}: who signed the list and when. */
    PIECE_SENT_AT,     /* Only papers of actions that sign a receipt have these. */
    PIECE_RECEIVED_BY, /* {receipt.receiver} */
    PIECE_RECEIVED_AT, /* {receipt.received} */
};

struct rules_piece {
    enum piece_kind kind;
    const char *text; /* PIECE_TEXT */
    const struct rules_fact *fact;
    const struct rules_party *party;
    const struct rules_deadline *deadline;
};

/* A text with its names looked up. */
struct rules_wording {
    struct rules_piece *pieces;
    size_t count;
};

enum part_kind {
    PART_TEXT,
    PART_HEADING,
    PART_MATERIALS, /* The table of materials with their digests. */
    PART_RECEIPT,   /* The same with what the receiver ticked. */
};

/* One item of the body; it stands there if all conditions hold. */
struct rules_part {
    enum part_kind kind;
    struct rules_wording words;
    unsigned level; /* Of a heading, from 1. */
    struct rules_condition *when;
    size_t when_count;
};

struct rules_paper {
    const char *code;
    struct label label;
    const struct rules_procedure *procedure;
    const struct rules_party *issuer;
    const struct rules_party *to_party; /* Whom it addresses: a party, */
    const struct rules_fact *to_fact;   /* or what a fact names, */
    bool to_holder;                     /* or who must act now; none of them: nobody. */
    uint32_t copies;                    /* Mask of parties that get a copy. */
    uint32_t readers; /* Mask of parties that may read it: issuer, `to`, copies, seen_by. */
    enum paper_format format;
    const char *word; /* 移 in 曾公监移〔2026〕12号; NULL: it has no number. */
    const char **articles;
    size_t articles_count;
    struct label local; /* zh NULL if it has an article. */
    struct rules_wording title;
    struct rules_part *parts;
    size_t parts_count;
    struct rules_wording *attachments;
    size_t attachments_count;
    struct rules_wording note; /* Count 0: none. */
    bool secret;               /* It names a fact that not every party of the matter may read. */
};

/* NULL if there is none. */
const struct rules_paper *rules_paper(const struct rulebook *book, const char *code);
const char *paper_format_code(enum paper_format format);
/* "paper": {"code","label","format"} of an action, or null. */
void rules_json_paper(struct json_writer *json, const struct rules_action *action);

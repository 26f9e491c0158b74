#pragma once
/*
 * What is counted and shown of the record (article 23): appraisal.yaml as data. A measure says
 * which events count for which body; tables and indicators are sums and ratios of measures. Part of
 * the rulebook: immutable, the rulebook's memory, any thread. src/matter/tally.h counts.
 */
#include "rules/rules.h"

enum measure_kind {
    MEASURE_ACTION,  /* An action was performed. */
    MEASURE_STARTED, /* A matter began. */
    MEASURE_CLOSED,  /* A matter came to a final state; its days are counted too. */
    MEASURE_CLOCK,   /* A clock opened, or ended one way or another. */
};

enum clock_change { CHANGE_OPENED, CHANGE_MET, CHANGE_LATE, CHANGE_LIFTED, CHANGES_COUNT };

/* Which body's number it is. */
enum measure_body {
    MEASURE_OF_ACTOR,
    MEASURE_OF_HOLDER,  /* Who held the matter before the action. */
    MEASURE_OF_OBLIGOR, /* Clocks only. */
    MEASURE_OF_PARTY,
    MEASURE_OF_FACT, /* The body a fact names. */
};

struct measure {
    const char *code;
    struct label label;
    enum measure_kind kind;
    const struct rules_procedure *procedure; /* NULL: all of them (clocks, actions). */
    const char *action;                      /* MEASURE_ACTION: its code. */
    const struct rules_deadline *deadline;   /* MEASURE_CLOCK; NULL: all of the procedure. */
    enum clock_change change;
    uint32_t strengths; /* Mask: of which clocks. */
    enum measure_body body;
    const struct rules_party *party;
    const struct rules_fact *body_fact;
    const struct rules_fact *by;  /* Its term splits the number; NULL: not split. */
    const struct rules_fact *sum; /* An integer that is added up instead of counting; NULL. */
};

/* A list of measures; `overdue` adds the open clocks past their day, counted when asked. */
struct measure_set {
    const struct measure **items;
    size_t count;
    bool overdue;
};

enum column_kind { COLUMN_COUNT, COLUMN_DAYS, COLUMN_PERCENT };

struct figure_column {
    const char *code;
    struct label label;
    enum column_kind kind;
    struct measure_set top;    /* What is counted; of `days`: whose days are averaged. */
    struct measure_set bottom; /* percent: of how many. */
};

struct figure_table {
    const char *code;
    struct label label;
    const struct rules_vocabulary *rows; /* NULL: a row for each body. */
    struct figure_column *columns;
    size_t columns_count;
};

struct indicator {
    const char *code;
    struct label label;
    struct label formula; /* Said for people. */
    const char *article;
    int32_t valid_from;
    unsigned weight;
    struct measure_set top, bottom;
    unsigned scale;            /* What one of `bottom` stands for: 1, or a rating's full marks. */
    unsigned full_at, none_at; /* Percent that earns all of the weight, and none of it. */
};

/* Measures that one event may raise: those of its action, and so on. */
struct measure_list {
    const struct measure **items;
    size_t count;
};

struct procedure_figures {
    struct measure_list *actions; /* By action index; the started ones with starting actions. */
    struct measure_list closed;
    struct measure_list *deadlines; /* By deadline index. */
};

struct figures {
    struct measure *measures;
    size_t measures_count;
    struct figure_table *tables;
    size_t tables_count;
    struct indicator *indicators;
    size_t indicators_count;
    struct procedure_figures *procedures; /* By place in the book. */
};

/* NULL if there is none. */
const struct measure *figures_measure(const struct figures *figures, const char *code);
const struct figure_table *figures_table(const struct figures *figures, const char *code);
const struct indicator *figures_indicator(const struct figures *figures, const char *code);
const char *clock_change_code(enum clock_change change);

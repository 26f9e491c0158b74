#pragma once
/* Private to rules: what figure.c and its helpers share. */
#include "rules/figure.h"
#include "rules/inner.h"

#define FIGURES_FILE "appraisal.yaml"

/* figure.c: after the procedures. */
void load_figures(struct loading *l, const char *folder);
/* figure_measure.c: what is counted, for whom, split by what. */
void load_measure(struct loading *l, const struct yaml_node *node, struct measure *measure);
/* Sorts the measures by the event that raises them, so that an event looks only at its own. */
void compile_figures(struct loading *l, struct figures *figures);

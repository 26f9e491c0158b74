#pragma once
/* Every paper that a story issued is set as PDF: templates, values and fonts fit together. */
#include "cli/office.h"

/* How many could not be set; each is told on standard output. */
unsigned set_papers(struct workplace *place, const char *story, int64_t now_ms);

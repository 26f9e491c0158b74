#pragma once
/*
 * What the stories show of refusals: each condition of each action met when it does not hold; for
 * each procedure somebody who may not act, and an action that the state does not allow.
 */
#include "rules/rules.h"

struct refusals;
/* In the arena of `book`. */
struct refusals *refusals_start(const struct rulebook *book);
/* A step was refused; the ctx has the note. */
void refusals_add(struct refusals *refusals, const struct ctx *ctx, enum fault fault,
                  const char *procedure, const char *action);
/* Prints what no story showed, and a line of figures. Gives how many are missing. */
unsigned refusals_missing(const struct refusals *refusals);

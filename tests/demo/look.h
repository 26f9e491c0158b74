#pragma once
/* What the test of the demonstration looks at. Each look is the work of a read transaction; what is
 * wrong is printed and counted. */
#include "base/digest.h"
#include "cli/office.h"

struct look {
    struct workplace *place;
    int64_t now_ms;
    unsigned wrong;
    bool table; /* Print the counts of states. */
    /* Results. */
    int64_t matters, events, unnumbered;
    uint8_t digest[DIGEST_BYTES];
};

/* Every state of every procedure of the rulebook occurs; how many matters there are. */
enum fault look_at_states(struct ctx *ctx, struct store_tx *tx, void *arg);
/* The lights of what each body owes. */
enum fault look_at_desks(struct ctx *ctx, struct store_tx *tx, void *arg);
/* Every deed lies in office hours of a working day of the year before now; numbers have no gap. */
enum fault look_at_deeds(struct ctx *ctx, struct store_tx *tx, void *arg);
/* Every material's file is there and is what its row says. */
enum fault look_at_papers(struct ctx *ctx, struct store_tx *tx, void *arg);
/* What must have happened somewhere: late clocks, urging, missing materials, disputes. */
enum fault look_at_trouble(struct ctx *ctx, struct store_tx *tx, void *arg);
/* Main bodies have three accounts; credit codes are right and nobody's text is unfinished. */
enum fault look_at_names(struct ctx *ctx, struct store_tx *tx, void *arg);
/* One digest over all that does not hang on chance: not ids, references, nonces. */
enum fault look_at_all(struct ctx *ctx, struct store_tx *tx, void *arg);

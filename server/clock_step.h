#ifndef SERVER_CLOCK_STEP_H
#define SERVER_CLOCK_STEP_H

/* The wall clock that a step sets, some time after it began to be played: a
 * timer of its own, because by then the answer is long gone. */

#include "model/plan.h"
#include "server/core.h"

struct clock_steps {
    /* Set by the owner. */
    struct core *core;
    void (*step_wall)(void *owner, int64_t by_ns); /* or NULL: none can */
    void *owner;

    struct clock_step *first; /* of a list */
};

/* Or no-op, where the step sets no clock. */
void clock_steps_begin(struct clock_steps *steps, const struct step *step);
/* What did not come to it. */
void clock_steps_clear(struct clock_steps *steps);

#endif

#ifndef SERVER_CLOCK_STEP_H
#define SERVER_CLOCK_STEP_H

/* The wall clock that a step sets, some time after it began to be played: a
 * timer of its own, because by then the answer is long gone. */

#include "model/plan.h"

struct server;

/* Or no-op, where the step sets no clock. */
void clock_step_begin(struct server *server, const struct step *step);
/* What did not come to it. */
void clock_steps_clear(struct server *server);

#endif

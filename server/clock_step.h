/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_CLOCK_STEP_H
#define SERVER_CLOCK_STEP_H

/* The wall clock that a step sets, some time after it began to be played: a
 * timer of its own, because by then the answer is long gone. */

#include "server/config.h"
#include "server/core.h"

struct clock_steps {
    struct core                *core;
    const struct server_config *config;
    struct clock_step          *first; /* of a list */
};

/* Or no-op, where the step sets no clock. */
void clock_steps_begin(struct clock_steps *steps, const struct step *step);
/* What did not come to it. */
void clock_steps_clear(struct clock_steps *steps);

#endif

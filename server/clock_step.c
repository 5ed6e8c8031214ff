/* SPDX-License-Identifier: Apache-2.0 */
#include "server/clock_step.h"

#include "common/alloc.h"

#include <assert.h>

struct clock_step {
    struct clock_step        *next;
    const struct clock_steps *steps;
    struct timer              due;
    int64_t                   by_ns;
};

static void on_due(void *owner)
{
    struct clock_step          *step = owner;
    const struct server_config *config = step->steps->config;

    config->step_wall(config->owner, step->by_ns);
}

void clock_steps_begin(struct clock_steps *steps, const struct step *step)
{
    struct clock_step *begun;

    if (step == NULL || step->clock_by_ns == 0)
        return;
    assert(steps->config->step_wall != NULL);
    begun = alloc_zero(1, sizeof *begun);
    *begun = (struct clock_step){
        .next = steps->first,
        .steps = steps,
        .due = {.fire = on_due, .owner = begun},
        .by_ns = step->clock_by_ns,
    };
    steps->first = begun;
    core_set_timer(steps->core, &begun->due, step->clock_after_ns);
}

void clock_steps_clear(struct clock_steps *steps)
{
    while (steps->first != NULL) {
        struct clock_step *step = steps->first;

        steps->first = step->next;
        loop_cancel_timer(&steps->core->loop, &step->due);
        alloc_free(step);
    }
}

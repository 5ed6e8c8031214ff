/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trial/lifetime.h"

#include "runner/trial/trial_clock.h"

#include <assert.h>

/* A client lives longer by what the machine held it up, but by no more than
 * this: one that hangs on a machine that is always full must end. */
#define HELD_UP_MAX_NS (120 * NS_PER_S)

/* What it takes by its own doing, whatever the scenario: its start and its
 * end, and a flush that waits until its interval is over. */
static int64_t own_ns(const struct trial_setup *setup)
{
    int64_t interval_ms = setup->plan->given.config[CONFIG_FLUSH_INTERVAL];

    if (interval_ms == CONFIG_UNSET)
        interval_ms = setup->manifest->config[CONFIG_FLUSH_INTERVAL];
    if (interval_ms == CONFIG_UNSET)
        interval_ms = 0;
    return setup->manifest->startup_ns + interval_ms * NS_PER_MS;
}

int64_t lifetime_extra_ns(const struct trial_setup *setup, int64_t held_up_ns)
{
    assert(held_up_ns >= 0);
    if (held_up_ns > HELD_UP_MAX_NS)
        held_up_ns = HELD_UP_MAX_NS;
    return own_ns(setup) + held_up_ns;
}

int64_t lifetime_longest_ns(const struct trial_setup *setup)
{
    return trial_clock_limit_ns(setup->trial_clock, setup->plan->limit_ns) +
           own_ns(setup) + HELD_UP_MAX_NS;
}

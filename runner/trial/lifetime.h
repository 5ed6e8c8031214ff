/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_TRIAL_LIFETIME_H
#define RUNNER_TRIAL_LIFETIME_H

/* How long a trial's client may live: the plan's limit, and what is not the
 * client's to answer for. */

#include "runner/trial/trial_setup.h"

#include <stdint.h>

/* What it may live longer than the plan's limit, when the machine has held it
 * up for so long. */
int64_t lifetime_extra_ns(const struct trial_setup *setup, int64_t held_up_ns);
/* The real time that the trial may take at most, until it is judged. */
int64_t lifetime_longest_ns(const struct trial_setup *setup);

#endif

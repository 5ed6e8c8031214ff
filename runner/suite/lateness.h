/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_SUITE_LATENESS_H
#define RUNNER_SUITE_LATENESS_H

/* Does the blame in a trial rest on lateness, the client's or the machine's? */

#include "model/profile.h"
#include "model/run.h"

#include <stdbool.h>

/* Some of what was found would not be, had the trial's noise been endless. */
bool lateness_blamed(const struct trial_result *trial,
                     const struct profile      *profile);

/* It did not pass, and for a good part of its request timeout the client was
 * held up: it may have given up what was under way, and each attempt too many
 * follows from that, or have come to its limit before it came to what was to
 * be judged. That long was the noise; or, where the clock jumps and nobody
 * waits, real time ran in one piece. */
bool lateness_held_up(const struct trial_result *trial);

#endif

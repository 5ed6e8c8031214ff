/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_SUITE_DOUBT_H
#define RUNNER_SUITE_DOUBT_H

/* What one run of a trial left in doubt, for the next run.
 *
 * A machine that is always full leaves something in doubt in each run, but not
 * the same: what was late in one run came in time in another, and so the client
 * can keep it. Only what stays in doubt from run to run is left open. */

#include "model/run.h"

#include <stdbool.h>
#include <stddef.h>

struct doubt;

struct doubts {
    struct doubt *items;
    size_t        count;
};

/* A breach lay inside the noise, and nothing worse was found. */
bool doubt_is(const struct trial_result *trial);

/* Those of its verdict; for doubts_clear. */
void doubts_take(struct doubts *doubts, const struct trial_result *trial);
void doubts_clear(struct doubts *doubts);
/* The trial was run again: what is in doubt now, but was not then, is none. */
void doubts_dispel(const struct doubts *before, struct trial_result *trial);

#endif

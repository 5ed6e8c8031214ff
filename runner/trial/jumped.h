/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_TRIAL_JUMPED_H
#define RUNNER_TRIAL_JUMPED_H

/* The noise of a trial whose clock jumps.
 *
 * The metronome does not tell it all: a client waits for us at each of its
 * stops, and on a full machine we both wait for a processor. But what a client
 * waits by its own will is jumped. So whatever went by in real time between an
 * answer and the same batch's next attempt proves nothing against it; where
 * many batches wait at once that holds what was done for all of them. */

#include "model/profile.h"
#include "model/record.h"
#include "runner/trial/trial_clock.h"

#include <stdint.h>

/* The longest that real time ran so; 0 where time runs as it does. epoch_ns is
 * the clock's time at which the trial began. */
int64_t jumped_not_ns(const struct trial_clock *trial_clock, int64_t epoch_ns,
                      const struct profile *profile, unsigned events,
                      const struct record *record);

/* The longest that real time ran in one piece in which nothing was heard of
 * the client: before its first request, between any two arrivals or answers,
 * or until now_ns, the record's time of its end. 0 where time runs as it
 * does. */
int64_t jumped_held_up_ns(const struct trial_clock *trial_clock,
                          int64_t epoch_ns, int64_t now_ns,
                          const struct record *record);

#endif

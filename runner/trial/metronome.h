/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_TRIAL_METRONOME_H
#define RUNNER_TRIAL_METRONOME_H

/* How late this machine lets a client be, while a trial runs.
 *
 * A process of its own is a client that only keeps time: it waits, then sends
 * a beat over the loopback; the loop that serves the trial notices it, as it
 * notices a request, and answers, as it answers a request; the process is
 * woken by that answer, and waits from then on for the next beat. So there are
 * two legs, both measured: from the answer to who is woken by it, and from the
 * time at which a wait was over to the loop that notices. A client's wait lies
 * between the two, so the two of one round together are what it is late by
 * without doing anything: nobody can be expected to be more punctual on this
 * machine, now.
 *
 * When no answer comes (the loop is busy with something else) the beats go on:
 * what is late then is measured as often as it would matter. */

#include "common/clock.h"
#include "common/err.h"
#include "model/record.h"

#include <sys/types.h>

struct metronome;

bool MUST_USE metronome_start(struct metronome  **metronome,
                              const struct clock *clock, struct err *err);
void metronome_stop(struct metronome *metronome); /* NULL is fine */

pid_t metronome_pid(const struct metronome *metronome);
int metronome_fd(const struct metronome *metronome); /* poll for reading;
                                                        -1 = no more */
void metronome_turn(struct metronome *metronome);     /* after each poll */

/* Somebody has stopped or ended its process: what it measured since is
 * nothing. */
bool metronome_disturbed(const struct metronome *metronome);

/* What was measured so far. */
void metronome_read(const struct metronome *metronome, struct noise *noise);

#endif

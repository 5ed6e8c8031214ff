#ifndef RUNNER_METRONOME_H
#define RUNNER_METRONOME_H

/* How late this machine lets a client be, while a trial runs.
 *
 * A process of its own does what a client does that retries: it waits for a
 * time, then sends over the loopback; and the loop that serves the trial
 * notices, as it notices a request. How much later than meant that is, again
 * and again, is the trial's noise: nobody can be expected to be more punctual
 * on this machine, now. */

#include "common/clock.h"
#include "common/err.h"
#include "model/record.h"

struct metronome;

bool MUST_USE metronome_start(struct metronome  **metronome,
                              const struct clock *clock, struct err *err);
void metronome_stop(struct metronome *metronome); /* NULL is fine */

int  metronome_fd(const struct metronome *metronome); /* poll for reading */
void metronome_turn(struct metronome *metronome);     /* after each poll */

/* What was measured so far. */
void metronome_read(const struct metronome *metronome, struct noise *noise);

#endif

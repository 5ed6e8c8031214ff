/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_TRIAL_STARVED_H
#define RUNNER_TRIAL_STARVED_H

/* How long a trial's client waited for a processor: what no client is to blame
 * for. A metronome cannot tell it. It sleeps, and whoever slept is let in
 * first; a client that has to work, when it starts say, gets its turn among
 * all that work.
 *
 * The kernel counts for each thread how long it was ready to run and did not.
 * It is asked a few times a second, for all threads of the client; and for our
 * own where the client stops for us, as it does under jumps. Of one look to
 * the next the thread that waited longest counts, and what we waited in
 * addition, but never more than the time that went by: so many threads cannot
 * make a wait longer than it was. */

#include "model/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct starved_thread;

/* Who is in the tree of this process, and whose waits are no client's. */
struct starved_setup {
    bool  with_us;   /* our own count */
    pid_t metronome; /* 0 = there is none */
};

struct starved {
    struct starved_setup   setup;
    struct starved_thread *threads; /* as the last look found them */
    size_t                 count;
    int64_t                looked_ns;
    int64_t                total_ns;
    int64_t                piece_ns; /* of looks that follow each other */
    int64_t                most_ns;
    int64_t                idle_ns; /* no thread of the client ran or waited */
};

void starved_start(struct starved *starved, const struct starved_setup *setup);
void starved_stop(struct starved *starved);
/* When the next look is due, on the real clock. */
int64_t starved_due_ns(const struct starved *starved);
/* A look, if it is due: at this process and all that it started, and at each
 * of the others. */
void starved_turn(struct starved *starved, const pid_t *others, size_t count);
void starved_read(const struct starved *starved, struct noise *noise);

#endif

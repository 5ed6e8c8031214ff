/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_SUITE_UNDER_WAY_H
#define RUNNER_SUITE_UNDER_WAY_H

/* The trials of a run that are under way: each has a slot, and in it a worker.
 * How many there are at once follows what the machine bears. */

#include "model/run.h"
#include "runner/suite/load.h"
#include "runner/suite/progress.h"
#include "runner/suite/suite_setup.h"
#include "runner/suite/worker.h"
#include "server/keys/keys.h"

/* A trial whose breach lay inside the noise is run again at most so often. */
enum { RUNS_AGAIN_MAX = 2 };

struct slot {
    struct worker worker; /* pid 0 = free */
    size_t        trial;  /* index into the run */
    struct lane   lanes[PLAN_CLIENTS_MAX]; /* of contract stdio */
    int64_t       started_ns;
};

struct suite {
    const struct suite_setup *setup;
    struct run               *run;
    struct suite_outcome     *outcome;
    struct progress           progress;
    struct load               load;
    struct slot              *slots;
    size_t                    slot_count;
    unsigned                  running;
    unsigned                  most; /* at once: what the machine bore */
    struct err                meddled; /* how the client has; or nothing */
    size_t                    next; /* the next trial to start */
    bool                      giving_up; /* nothing is started any more */
    struct keys               keys;
};

/* Of the client, or of the clock of this run; NULL = the trial can be run. */
const char *under_way_lacks(const struct suite *suite, const struct plan *plan);
/* Starts one; false: it cannot be started, now (ERR_MACHINE) or at all. */
bool MUST_USE under_way_start(struct suite *suite, size_t index,
                              struct err *err);
/* Starts the next ones, as many as the machine bears. */
bool MUST_USE under_way_start_next(struct suite *suite, struct err *err);
/* Until some have ended, or something has befallen us. */
void under_way_wait(struct suite *suite);
/* Ends those that are under way; what they had found is not told. */
void under_way_give_up(struct suite *suite);

/* What came to light after the trial is put into its record, and that is
 * judged again; as lanes_tell (context is the suite). */
void under_way_add_lapse(void *context, size_t index, const char *lapse);

/* The trial has no verdict. */
void under_way_unsay(struct trial_result *trial);

#endif

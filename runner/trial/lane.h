/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_TRIAL_LANE_H
#define RUNNER_TRIAL_LANE_H

/* A client of contract stdio that lives across trials, one job after the
 * other. Between the runner and the client stands a keeper, a process of ours
 * that does nothing but wait for it: orphans fall to the keeper, so that all
 * the client started can be ended with it, and whoever holds the lane's pipes
 * is told how it ended, be it the runner or the worker of a trial. */

#include "common/err.h"
#include "runner/trial/job.h"

#include <stdbool.h>
#include <sys/types.h>

struct lane {
    pid_t keeper;   /* a child of the runner, reaped by lane_close alone */
    int   in_fd;    /* jobs go in; does not block */
    int   out_fd;   /* answers; does not block */
    int   err_fd;   /* talk; does not block */
    int   ended_fd; /* the client's wait status, once it and all it started
                     * are gone */
};

/* False: it could not be started, and why (ERR_CLIENT). */
bool MUST_USE lane_start(struct lane *lane, const struct job *job,
                         struct err *err);

/* May be called by whoever holds the lane: SIGTERM to the client's group,
 * SIGKILL shortly after, then to all it left behind. The status follows. */
void lane_end(const struct lane *lane);

/* The same, at once; waits for the keeper and closes the pipes. */
void lane_close(struct lane *lane);

/* The signal that somebody sent to the keeper, by which it was stopped or
 * ended; 0 = it was let alone. For the runner alone. */
int lane_disturbed(const struct lane *lane);

#endif

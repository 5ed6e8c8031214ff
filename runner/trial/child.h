/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_TRIAL_CHILD_H
#define RUNNER_TRIAL_CHILD_H

/* A client under test as a process: started in a group of its own with
 * limits on output, memory and life, watched through descriptors, and ended
 * with its group. Nothing it does can block the trial. */

#include "common/clock.h"
#include "common/err.h"
#include "model/record.h"
#include "runner/trial/job.h"
#include "runner/trial/result.h"
#include "runner/trial/trial_clock.h"

#include <poll.h>

struct child;

enum {
    CHILD_FDS = 3,                        /* how many child_fds fills */
    CHILD_OUT_BYTES_MAX = RESULT_BYTES_MAX, /* stdout: more is a flood */
    CHILD_ERR_BYTES_MAX = 64 << 20,       /* stderr: more is a flood */
    CHILD_TAIL_BYTES = 4096,              /* kept of each for people */
};

/* On this trial clock, which is borrowed. False: it could not be
 * started, and why (ERR_CLIENT). */
bool MUST_USE child_start(struct child **child, const struct job *job,
                          const struct trial_clock *trial_clock,
                          int64_t epoch_ns, struct err *err);
void child_fds(const struct child *child, struct pollfd fds[CHILD_FDS]);
int64_t child_wait_ns(const struct child *child); /* -1 = until an fd */
/* After each poll of what child_fds filled, due or not. */
void child_turn(struct child *child, const struct pollfd fds[CHILD_FDS]);
/* The process is gone and its output read to the end. */
bool child_gone(const struct child *child);

/* Begins to end it: SIGTERM to the group, SIGKILL shortly after. */
void child_end(struct child *child, enum client_end why);

/* Ends it and its group, if that is still to be done. */
void child_kill(struct child *child);
/* After child_kill, and once nobody writes into its pipes any more (see
 * runner/trial/orphans.h): reads them to their ends, fills the outcome, frees
 * the child. */
void child_stop(struct child *child, const struct contract *contract,
                struct client_outcome *outcome);

#endif

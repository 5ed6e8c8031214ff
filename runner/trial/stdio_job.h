/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_TRIAL_STDIO_JOB_H
#define RUNNER_TRIAL_STDIO_JOB_H

/* One job of a client that lives on (contract stdio): its line is written
 * without ever waiting for a reader, and the line that comes back ends it. A
 * client that dies, floods, hangs, falls silent or prints more than one line
 * costs this job alone; its lane is not used again. Used by the worker of
 * the trial; the verbs are child.h's. */

#include "common/clock.h"
#include "model/record.h"
#include "runner/trial/lane.h"

#include <poll.h>

enum { STDIO_JOB_FDS = 4 };

struct stdio_job;

/* The input is copied; the lane is borrowed, as it is when it was cleared. */
struct stdio_job *stdio_job_start(const struct lane *lane, const char *input,
                                  const struct clock *clock, int64_t epoch_ns);
void stdio_job_fds(const struct stdio_job *stdio_job,
                   struct pollfd           fds[STDIO_JOB_FDS]);
int64_t stdio_job_wait_ns(
    const struct stdio_job *stdio_job); /* -1 = until an fd */
void stdio_job_turn(struct stdio_job *stdio_job);
/* The answer has come, or the client is gone. */
bool stdio_job_gone(const struct stdio_job *stdio_job);

/* Begins to end the client, unless it has answered. */
void stdio_job_end(struct stdio_job *stdio_job, enum client_end why);
/* Ends it, if it has neither answered nor gone, and waits for that. */
void stdio_job_kill(struct stdio_job *stdio_job);
/* After stdio_job_kill: fills the outcome; frees the job. */
void stdio_job_stop(struct stdio_job      *stdio_job,
                    const struct contract *contract,
                    struct client_outcome *outcome);

#endif

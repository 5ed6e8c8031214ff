/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_TRIAL_CLIENTS_H
#define RUNNER_TRIAL_CLIENTS_H

/* The clients of one trial: one as a rule, several at once where the plan
 * says so. Started together, watched together and ended together; what they
 * said is one outcome, and the worst of it wins: all must have reported
 * success, and one that crashed speaks for all. */

#include "common/err.h"
#include "model/record.h"
#include "runner/trial/child.h"
#include "runner/trial/stdio_job.h"
#include "runner/trial/trial_setup.h"

#include <poll.h>

enum { CLIENTS_FDS_MAX = PLAN_CLIENTS_MAX * STDIO_JOB_FDS };

struct clients;

struct clients_setup { /* all borrowed */
    const struct trial_setup *trial;
    const struct trial_clock *trial_clock;
    int64_t                   epoch_ns;
    int                       port; /* where the server listens */
};

/* False: one could not be started, and why; none of them is left then. */
bool MUST_USE clients_start(struct clients            **clients,
                            const struct clients_setup *setup, struct err *err);
/* Returns how many it filled. */
size_t clients_fds(const struct clients *clients,
                   struct pollfd         fds[CLIENTS_FDS_MAX]);
int64_t clients_wait_ns(const struct clients *clients); /* -1 = until an fd */
/* After each poll of what clients_fds filled. */
void clients_turn(struct clients *clients, const struct pollfd *fds);
/* Nothing that any of them printed is still to be read: one that waits for
 * room in its pipe waits for us. */
bool clients_heard(const struct clients *clients);
bool clients_gone(const struct clients *clients); /* all of them */

/* Begins to end those that are still there. */
void clients_end(struct clients *clients, enum client_end why);

/* Ends whatever is left, fills the outcome; frees the clients. NULL is none. */
void clients_stop(struct clients *clients, struct client_outcome *outcome);

#endif

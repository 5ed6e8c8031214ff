/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_TRIAL_LAUNCH_H
#define RUNNER_TRIAL_LAUNCH_H

/* How a client's process is born: forked, put into a group of its own, and
 * told its pipes; what goes wrong before its first instruction comes back as
 * an error of ours and not as a client that says nothing. */

#include "common/err.h"
#include "runner/trial/job.h"
#include "warp/warp.h"

#include <sys/types.h>

/* Pipes of the new process; they close on exec. */
struct launch {
    const struct job *job;
    struct warp      *warp; /* its time jumps; NULL = it runs as it does */
    char             *path;        /* a word of the environment */
    char **environment; /* the array is its own; the other words are not */
    struct warp_gate gate; /* to its time */
    int in[2];  /* its stdin; only where jobs come that way, else -1 */
    int out[2]; /* its stdout */
    int err[2]; /* its stderr */
    int tell[2]; /* the errno of an exec that failed */
};

/* False: there are no descriptors; nothing is open then. The job is
 * borrowed. */
bool MUST_USE launch_open(struct launch *launch, const struct job *job,
                          struct warp *warp, bool with_in, struct err *err);
/* In the new process: never returns. It allocates nothing, and changes nothing
 * in memory but `environ`, so that it may be a sibling. */
void launch_become(struct launch *launch) __attribute__((noreturn));
/* After the fork, with us: closes the client's ends. */
void launch_leave(struct launch *launch);
/* Waits for the exec; false says why it failed (ERR_CLIENT). */
bool MUST_USE launch_began(struct launch *launch, pid_t pid, struct err *err);
/* Once it has begun, or ended: its environment is not needed any more. */
void launch_forget(struct launch *launch);
/* That, and closes what is still open, on both sides. */
void launch_close(struct launch *launch);

#endif

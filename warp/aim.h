/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARP_AIM_H
#define WARP_AIM_H

/* The signals that a client sends, and whom it aims at. A client that stops
 * or kills who measures it would be waited for, or be called a fault of ours;
 * so what is aimed at others than its own processes is refused, and named. */

#include "warp/wait.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* For the filter: calls that send signals. Signal 0 sends none, and what goes
 * to the process that set up the filter is its own, where the call names the
 * process. */
struct aim_filter {
    int64_t  number;
    unsigned signal; /* which argument */
    bool     names_process; /* the first argument does */
};

bool aim_filter(size_t index, struct aim_filter *filter);

struct aim {
    pid_t at; /* as kill has it: a process, 0 or minus a group; a thread */
    int   signal;
};

/* False: the call, which is about to begin, sends none. */
bool aim_call(pid_t tid, const struct call *call, struct aim *aim);

/* Processes as /proc and the kernel have them. 0 = there is none such. */
pid_t aim_parent(pid_t pid);
pid_t aim_group(pid_t pid);

/* The thread has pids of its own (CLONE_NEWPID): it can reach no others, and
 * what its numbers mean is not ours to know. */
bool aim_is_confined(pid_t tid);

/* "SIGSTOP to process 12 (retrial)". */
enum { AIM_TEXT_MAX = 96 };
void aim_tell(const struct aim *aim, char text[AIM_TEXT_MAX]);

#endif

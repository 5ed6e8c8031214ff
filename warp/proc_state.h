/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARP_PROC_STATE_H
#define WARP_PROC_STATE_H

/* What the kernel tells of a thread in /proc, while it runs or sleeps; nobody
 * is stopped for it. The files stay open: they are read before every jump. */

#include "warp/wait.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct proc_state {
    pid_t    tid;
    int      stat_fd; /* -1 = not open yet */
    int      call_fd;
    int      runs_fd;
    uint64_t runs;     /* as it was read last */
    uint64_t slept_at; /* it was found asleep at this number of runs */
};

void proc_state_init(struct proc_state *proc, pid_t tid);
void proc_state_clear(struct proc_state *proc);

/* How often it was put on a processor; 0 = not known. */
uint64_t proc_state_runs(struct proc_state *proc);

/* It is off the processor, in a sleep that only an event ends: not on its way
 * into a sleep, not waiting for a disk. Of a thread that has not run since it
 * was found so, by its runs as they were read last, nothing more is asked: it
 * may have been woken meanwhile, which proc_state_still_asleep finds out. */
bool proc_state_asleep(struct proc_state *proc);

/* After proc_state_asleep has said yes: nobody has woken it, provided that its
 * runs, read after this, are what they were. */
bool proc_state_still_asleep(struct proc_state *proc);

/* It is on a processor, or wants to be. False says nothing. */
bool proc_state_runs_now(struct proc_state *proc);

/* It has ended, and waitpid has not said so yet. */
bool proc_state_ended(struct proc_state *proc);

/* The call in which it sleeps; false: it does not, or not in a call. */
bool proc_state_call(struct proc_state *proc, struct call *call);

/* The process that a thread is of; 0 = it is gone. */
pid_t proc_state_group(pid_t tid);

/* Whether the process has mapped a file with this in its path. */
bool proc_state_has_mapped(pid_t group, const char *part);

/* What a thread calls itself, as far as the kernel keeps it; "" = it is gone.
 * Gives name. */
enum { PROC_STATE_NAME_MAX = 16 };
const char *proc_state_name(pid_t tid, char name[PROC_STATE_NAME_MAX]);

#endif

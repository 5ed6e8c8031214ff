/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARP_THREAD_H
#define WARP_THREAD_H

/* The client's threads, in all its processes, as the tracer knows them. */

#include "warp/calm.h"
#include "warp/housekeeping.h"
#include "warp/machine.h"
#include "warp/proc_state.h"
#include "warp/wait.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct thread {
    pid_t             tid;
    pid_t             group; /* the process; 0 = not asked yet */
    uint64_t          born;  /* the how manieth it was */
    struct proc_state proc;
    struct wait       wait; /* the last timed wait it began; kind NULL = none */
    bool              rests; /* that is a rest from the house that it keeps */
    bool              named; /* it was asked whether it keeps one */
    const struct keeper *keeper; /* and which; NULL = none */
    struct calm_thread   calm;
    uint64_t ticks; /* so often did time stop at the end of its wait */
    bool     halted; /* by a stop signal, until SIGCONT */
    bool     interrupted; /* we asked it to stop; it has not yet */
    /* It makes again the call that we cut off: how it stood before we had it
     * do so, and after; and whether that call stops at the filter. */
    struct machine_state cut;
    struct machine_state again;
    bool                 repeats;
};

struct threads {
    struct thread **items;
    size_t          count;
    uint64_t        births;
};

struct thread *threads_find(const struct threads *threads, pid_t tid);
/* Finds it, or adds it. */
struct thread *threads_add(struct threads *threads, pid_t tid);
void threads_remove(struct threads *threads, pid_t tid);
/* After an exec: of this process only its leader is left. */
void threads_keep_leader(struct threads *threads, pid_t group, pid_t was);
void threads_clear(struct threads *threads);

/* Its process. */
pid_t thread_group(struct thread *thread);
/* It sleeps in the wait that it began. If it sleeps in another call, the wait
 * is over, and forgotten; while it runs nobody can tell. */
bool thread_check_wait(struct thread *thread);

#endif

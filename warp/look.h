#ifndef WARP_LOOK_H
#define WARP_LOOK_H

/* What the kernel tells of a thread in /proc, while it runs or sleeps; nobody
 * is stopped for it. The files stay open: they are read before every jump. */

#include "warp/wait.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct look {
    pid_t    tid;
    int      stat_fd; /* -1 = not open yet */
    int      call_fd;
    int      runs_fd;
    uint64_t slept_at; /* it was found asleep at this number of runs */
};

void look_init(struct look *look, pid_t tid);
void look_clear(struct look *look);

/* How often it was put on a processor; 0 = not known. */
uint64_t look_runs(struct look *look);

/* It is off the processor, in a sleep that only an event ends: not on its way
 * into a sleep, not waiting for a disk. A leader whose thread has ended while
 * others go on counts as asleep. */
bool look_asleep(struct look *look);

/* The call in which it sleeps; false: it does not, or not in a call. */
bool look_call(struct look *look, struct call *call);

/* The process that a thread is of; 0 = it is gone. */
pid_t look_group(pid_t tid);

#endif

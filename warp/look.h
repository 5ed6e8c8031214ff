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
    uint64_t runs;     /* as it was read last */
    uint64_t slept_at; /* it was found asleep at this number of runs */
};

void look_init(struct look *look, pid_t tid);
void look_clear(struct look *look);

/* How often it was put on a processor; 0 = not known. */
uint64_t look_runs(struct look *look);

/* It is off the processor, in a sleep that only an event ends: not on its way
 * into a sleep, not waiting for a disk. Of a thread that has not run since it
 * was found so, by its runs as they were read last, nothing more is asked: it
 * may have been woken meanwhile, which look_still_asleep finds out. */
bool look_asleep(struct look *look);

/* After look_asleep has said yes: nobody has woken it, provided that its runs,
 * read after this, are what they were. */
bool look_still_asleep(struct look *look);

/* It is on a processor, or wants to be. False says nothing. */
bool look_runs_now(struct look *look);

/* It has ended, and waitpid has not said so yet. */
bool look_ended(struct look *look);

/* The call in which it sleeps; false: it does not, or not in a call. */
bool look_call(struct look *look, struct call *call);

/* The process that a thread is of; 0 = it is gone. */
pid_t look_group(pid_t tid);

/* Whether the process has mapped a file with this in its path. */
bool look_has_mapped(pid_t group, const char *part);

/* What a thread calls itself, as far as the kernel keeps it; "" = it is gone.
 * Gives name. */
enum { LOOK_NAME_MAX = 16 };
const char *look_name(pid_t tid, char name[LOOK_NAME_MAX]);

#endif

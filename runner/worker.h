#ifndef RUNNER_WORKER_H
#define RUNNER_WORKER_H

/* A trial in a process of its own: forked from the runner with every plan
 * already compiled, it walks the way and sends back its verdict (a line of
 * JSON) and its record (JSON Lines) through a pipe. */

#include "common/bytes.h"
#include "common/err.h"
#include "runner/trial.h"

#include <stdint.h>
#include <sys/types.h>

struct worker {
    pid_t        pid;     /* 0 = none */
    int          fd;      /* its message comes here; -1 = read to the end */
    struct bytes message;
    int64_t      ended_by_ns; /* it is killed then: the machine's fault */
    bool         overdue;     /* ... and it was */
};

bool MUST_USE worker_start(struct worker *worker,
                           const struct trial_setup *setup, int64_t now_ns,
                           struct err *err);
/* Reads what has come; true when the message is complete. */
bool worker_read(struct worker *worker);

/* Reaps it and takes its message apart. Always gives a verdict: one of a
 * worker that died is VERDICT_BROKEN; *ours says that it was our own fault.
 * *record may stay NULL. */
void worker_finish(struct worker *worker, struct record **record,
                   struct verdict **verdict, bool *ours);

/* Ends it, if its time is over. */
void worker_watch(struct worker *worker, int64_t now_ns);
/* Ends it and its client at once (Ctrl-C). */
void worker_kill(struct worker *worker);

#endif

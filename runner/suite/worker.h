/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_SUITE_WORKER_H
#define RUNNER_SUITE_WORKER_H

/* A trial in a process of its own: forked from the runner with every plan
 * already compiled, it walks the way and sends back its verdict (a line of
 * JSON) and its record (JSON Lines) through a pipe. */

#include "common/bytes.h"
#include "common/err.h"
#include "runner/trial/trial.h"

#include <stdint.h>
#include <sys/types.h>

struct worker {
    pid_t        pid;     /* 0 = none */
    int          fd;      /* its message comes here; -1 = read to the end */
    struct bytes message;
    int64_t      ended_by_ns; /* it is killed then */
    int64_t      looked_ns;   /* when it was looked at last */
    bool         late;        /* that is how it ended */
    int          stopped_by;  /* the signal that stopped it; 0 = none did */
    int          status;      /* of waitpid */
};

bool MUST_USE worker_start(struct worker            *worker,
                           const struct trial_setup *setup, int64_t now_ns,
                           struct err *err);
/* After each poll of its fd, every second at least: reads what has come, and
 * ends it if somebody has stopped it or its time is over. told: the poll found
 * something. True: it has ended. */
bool worker_turn(struct worker *worker, bool told, int64_t now_ns);

/* Takes its message apart, once it has ended. Always gives a verdict: a worker
 * that crashed is VERDICT_BROKEN, and *ours says that it was our own fault; one
 * that was stopped, or ended by somebody, is VERDICT_INCONCLUSIVE. *record may
 * stay NULL. */
void worker_finish(struct worker *worker, struct record **record,
                   struct verdict **verdict, bool *ours);

/* Ends it and its client at once (Ctrl-C); it has ended then. */
void worker_kill(struct worker *worker);

#endif

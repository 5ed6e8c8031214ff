/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_SUITE_SENT_H
#define RUNNER_SUITE_SENT_H

/* Signals that somebody sends to the process of a trial: the client that is on
 * trial in it, as a rule. They are told from a crash of our own. */

#include "model/verdict.h"

/* In the worker: from now on. SIGTERM and SIGHUP are held back already. */
void sent_tell_apart(void);
/* In the worker, at its end: what was held back decides the verdict. */
void sent_judge(struct verdict *verdict);

/* In the runner: the signal that somebody sent and that ended the worker, by
 * its status; 0 = it ended otherwise. */
int sent_by(int status);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_TRIAL_PROCESS_H
#define RUNNER_TRIAL_PROCESS_H

/* What the kernel tells of a process, or of a thread by its own number. */

#include <sys/types.h>

/* 'R' runs or is about to, 'S' sleeps, 'T' stands still, 'Z' has ended ... as
 * proc(5) has it; '\0' = it is gone. */
char process_state(pid_t id);

#endif

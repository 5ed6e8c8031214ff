/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_TRIAL_INTERRUPT_H
#define RUNNER_TRIAL_INTERRUPT_H

/* By what a user ends the program: SIGINT, SIGTERM, SIGHUP. Signals are the
 * whole process's, so this is, too. Between start and stop none of them ends
 * it by itself, so that what it made is removed and what it found is told. */

#include <sys/types.h>

void interrupt_start(void);
/* A descriptor that is readable while one has come that nobody asked for. */
int interrupt_fd(void);
/* The first that has come since the start; 0 = none. */
int interrupt_came(void);
/* Who sent it; 0 = the kernel, for a terminal. */
pid_t interrupt_sender(void);
/* One that comes from now on ends the process. What came is remembered. */
void interrupt_stop(void);

/* In a process that works for the one which watches: what a user does to the
 * group that both are in (Ctrl-C, Ctrl-Z) is left to the other. */
void interrupt_leave(void);
/* In a client to be: all is as a program expects it. */
void interrupt_restore(void);

#endif

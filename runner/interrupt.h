#ifndef RUNNER_INTERRUPT_H
#define RUNNER_INTERRUPT_H

/* By what a user ends the program: SIGINT, SIGTERM, SIGHUP. Signals are the
 * whole process's, so this is, too. Between start and stop none of them ends
 * it by itself, so that what it made is removed and what it found is told. */

void interrupt_start(void);
/* A descriptor that is readable while one has come that nobody asked for. */
int  interrupt_fd(void);
/* The first that has come since the start; 0 = none. */
int  interrupt_came(void);
/* One that comes from now on ends the process. What came is remembered. */
void interrupt_stop(void);

#endif

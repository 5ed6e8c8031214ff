#ifndef RUNNER_INTERRUPT_H
#define RUNNER_INTERRUPT_H

/* By what a user ends the program: SIGINT, SIGTERM, SIGHUP. While they are
 * watched none of them ends it by itself, so that what it made is removed. */

#include <signal.h>
#include <stdbool.h>

/* A descriptor that is readable once one has come (-1: none is to be had), and
 * the mask to put back. */
int  interrupt_watch(sigset_t *before);
bool interrupt_take(int fd); /* whether one has come */

#endif

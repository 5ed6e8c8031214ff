#ifndef WARP_HOUSEKEEPING_H
#define WARP_HOUSEKEEPING_H

/* Threads that a runtime keeps for itself, and that wake several times a second
 * to see whether there is anything to do. None of their deadlines is one that
 * the client waits for, so that time need not stop at each: after a jump they
 * find that they have slept long, as on a machine that is full. Only their
 * deadlines are passed over: while one of them runs time does not jump. */

#include <stdbool.h>

/* By what the thread calls itself (look_name). */
bool housekeeping_is(const char *name);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARP_HOUSEKEEPING_H
#define WARP_HOUSEKEEPING_H

/* Threads that a runtime keeps for itself, and that wake several times a second
 * to see whether there is anything to do. A rest of theirs is none that the
 * client waits for, so that time need not stop at its end, once nothing has
 * happened for long (warp/calm.h): after a jump they find that they have slept
 * long, as on a machine that is full.
 *
 * A rest is recognised for what it is, or it is a wait like any other: by the
 * runtime, by the thread's own name, by the call, and by the span that the
 * runtime's source gives. The same thread's other waits are none: HotSpot's VM
 * Thread rests for a second, and waits, when the program ends, ten milliseconds
 * at a time for threads that are in native code. */

#include "warp/wait.h"

#include <stdbool.h>
#include <stdint.h>

/* One of them, and its rest. */
struct keeper;

/* By what the thread calls itself (proc_state_name); NULL = it is none. */
const struct keeper *housekeeping_find(const char *name);

/* A part of the file that a process has mapped which is of that runtime. */
const char *housekeeping_runtime(const struct keeper *keeper);

/* Whether it rests that begins this call, which is to end after so long. */
bool housekeeping_rests(const struct keeper *keeper, const struct call *call,
                        int64_t span_ns);

/* Of a rest that looks as a wait of the client's may: it tells nothing when it
 * is over, but time does stop there. */
bool housekeeping_is_kept(const struct keeper *keeper);

#endif

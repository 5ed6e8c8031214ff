/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARP_CLONE_CALL_H
#define WARP_CLONE_CALL_H

/* No child is born unseen. Who is made with CLONE_UNTRACED is not told to a
 * tracer: it would work while everybody that is known sleeps, and time would
 * jump past it (LeakSanitizer's helper is one, at the end of a program). */

#include "warp/wait.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* For the filter: the bit in the low half of clone's first argument. clone3
 * has it in memory, where a filter cannot look. */
extern const uint32_t clone_untraced;

/* A clone that is about to begin is made to be seen; false: it is another
 * call. */
bool clone_call_show(pid_t tid, const struct call *call);

#endif

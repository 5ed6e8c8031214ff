#ifndef WARP_BIRTH_H
#define WARP_BIRTH_H

/* No child is born unseen. Who is made with CLONE_UNTRACED is not told to a
 * tracer: it would work while everybody that is known sleeps, and time would
 * jump past it (LeakSanitizer's helper is one, at the end of a program). */

#include "warp/wait.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* For the filter: the bit in the low half of clone's first argument. clone3
 * has it in memory, where a filter cannot look. */
extern const uint32_t birth_unseen;

/* A clone that is about to begin is made to be seen; false: it is another
 * call. */
bool birth_call(pid_t tid, const struct call *call);

#endif

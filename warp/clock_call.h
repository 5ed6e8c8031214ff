/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARP_CLOCK_CALL_H
#define WARP_CLOCK_CALL_H

/* The calls by which a client asks for the time, answered in the kernel's
 * place. */

#include "common/clock.h"
#include "warp/wait.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The clocks that jump, a bit each; used processor time does not. */
uint32_t clock_call_clocks(void);

/* False: it is none of these calls. Else *result is what it gives. */
bool clock_call(const struct clock_shift *shift, pid_t tid,
                const struct call *call, int64_t *result);

#endif

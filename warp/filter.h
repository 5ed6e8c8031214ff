/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARP_FILTER_H
#define WARP_FILTER_H

/* The seccomp filter that makes a client's timed waits and clock reads stop at
 * its tracer. All other calls run at full speed. */

#include <stdbool.h>

/* Puts it on the calling process for good; false with errno. A traced process
 * only: without a tracer those calls fail. */
bool filter_enter(void);

#endif

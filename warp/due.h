/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARP_DUE_H
#define WARP_DUE_H

/* The waits and timers whose time has come. */

#include "warp/state.h"

/* Ends the waits whose time has come and which the kernel would end later;
 * timers likewise. */
void due_end(struct warp *warp);

#endif

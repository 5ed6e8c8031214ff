/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARP_ENTRY_H
#define WARP_ENTRY_H

/* A call that a thread is about to enter, stopped by the filter. */

#include "warp/state.h"

void entry_take(struct warp *warp, struct thread *thread);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARP_CUT_H
#define WARP_CUT_H

/* A call that we cut off, because its time was over or a timer of its process
 * was due: it ends with its result, or is made again. */

#include "warp/state.h"

/* The thread stopped because we asked. False: it ended meanwhile. */
bool cut_take(struct warp *warp, struct thread *thread);
/* A signal came to it. */
void cut_signal(struct thread *thread);

#endif

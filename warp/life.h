/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARP_LIFE_H
#define WARP_LIFE_H

/* Births and deaths among the client's threads. */

#include "warp/state.h"

/* The parent has made a thread or a process. */
void life_begin(struct warp *warp, pid_t parent);
/* It ended, as waitpid has it. */
void life_end(struct warp *warp, pid_t tid, int status);
/* Those that ended and that waitpid will never tell of (any more). */
void life_forget_lost(struct warp *warp);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARP_AIMED_H
#define WARP_AIMED_H

/* Whom a client's signals are aimed at: at processes of its own, or at others,
 * which is refused. */

#include "warp/state.h"

/* The thread is about to send a signal. */
void aimed_judge(struct warp *warp, pid_t tid, const struct aim *aim);

#endif

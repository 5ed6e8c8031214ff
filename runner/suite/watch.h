/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_SUITE_WATCH_H
#define RUNNER_SUITE_WATCH_H

/* What befalls the main process while clients run: a user who ends it
 * (interrupt.h), and a client that meddles with it. Who sent a signal that can
 * be caught is known. One that stops cannot be caught: so a sentinel, a
 * process of ours that is no ancestor of a client, looks every second whether
 * the main process stands still though no terminal asked it to (Ctrl-Z), and
 * sets it going again. Should the main process be killed, the sentinel says
 * so, since nobody else can. */

#include "common/err.h"

#include <stdbool.h>

struct watch;

bool MUST_USE watch_start(struct watch **watch, struct err *err);
void watch_stop(struct watch *watch); /* NULL is fine */

/* After each poll of interrupt_fd(), every second at least. True: the client
 * has meddled, and err says how (ERR_CLIENT); that stays so. */
bool watch_meddled(struct watch *watch, struct err *err);

#endif

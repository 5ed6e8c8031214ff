/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_LEAVING_H
#define JUDGE_LEAVING_H

/* How the client left, and what it may be blamed for that it left undone. */

#include "judge/history.h"

/* Finds history->leaving. */
void leaving_find(struct history *history);

/* The client was done by its own will (it went, or answered its job), so what
 * it left undone it chose to. Not so who left early (enum leaving). */
bool leaving_by_itself(const struct history *history);
/* When it told its result or, if it told none, went. */
int64_t leaving_ns(const struct history *history);
/* It came to its limit, and on a machine that held it up for a good part of
 * it: what it had not done by then it might have. */
bool leaving_limit_doubtful(const struct history *history);
/* The batch's last attempt asked for a retry, and it is certain that none
 * would have come: the client left, or outlived the latest due time. */
bool leaving_gave_up(const struct history      *history,
                     const struct attempt_view *view);
/* The batch was tried again, or the client had its chance to. */
bool leaving_went_on(const struct history      *history,
                     const struct attempt_view *view);

#endif

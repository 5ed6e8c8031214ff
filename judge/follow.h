/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_FOLLOW_H
#define JUDGE_FOLLOW_H

/* Each batch followed from its first attempt to its last: what became of each,
 * and what a right client did next. */

#include "judge/history.h"

void follow_batches(struct history *history);

#endif

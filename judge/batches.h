/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_BATCHES_H
#define JUDGE_BATCHES_H

/* Which attempts are one batch: those that share events of ours, directly or
 * by others. */

#include "judge/history.h"

void batches_sort(struct history *history);

/* Some batch of the same client but this one was retried; only earlier ones,
 * if said. */
bool batches_others_retried(const struct history    *history,
                            const struct batch_view *batch, bool only_earlier);

#endif

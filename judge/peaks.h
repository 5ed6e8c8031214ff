/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_PEAKS_H
#define JUDGE_PEAKS_H

/* The first attempt after a place that is of a later batch and came late
 * enough, looked up: very many batches may wait at once. */

#include "judge/history.h"

struct peaks {
    const struct history *history;
    struct peak          *nodes; /* node n has the children 2n and 2n + 1 */
    size_t                leaves;
};

void peaks_init(struct peaks *peaks, const struct history *history);
void peaks_clear(struct peaks *peaks);

/* From this place on; NULL = none. Of arrivals that are not in order it is
 * only slow. */
const struct attempt_view *peaks_first(const struct peaks *peaks, size_t place,
                                       size_t  batch_least,
                                       int64_t arrived_least_ns);

#endif

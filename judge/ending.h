/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_ENDING_H
#define JUDGE_ENDING_H

/* How each event ended (enum event_end). */

#include "judge/history.h"

void ending_find(struct history *history);

/* How many events ended so. */
unsigned ending_count(const struct history *history, enum event_end end);

#endif

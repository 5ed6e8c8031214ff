/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_EVIDENCE_H
#define JUDGE_EVIDENCE_H

/* The words of findings: what was seen, with its numbers. */

#include "judge/gap.h"
#include "judge/gap.h"
#include "judge/history.h"
#include "judge/spread.h"
#include "model/statistic.h"

#include <stdint.h>

enum { EVIDENCE_MAX = 160 };

/* "0.412 s". Returns buffer, as all do. */
char *evidence_seconds(char buffer[EVIDENCE_MAX], int64_t ns);
/* "429, Retry-After: 2", "a reset", "no answer". */
char *evidence_answer(char                       buffer[EVIDENCE_MAX],
                      const struct attempt_view *view);
/* A value as it was sent, bounded, its odd bytes replaced; in quotes where a
 * reader could not see its ends. */
char *evidence_value(char buffer[EVIDENCE_MAX], const char *value);
/* "events 2, 5 and 7", "event 1", "12 events: 1, 2, 3 ...": those that ended
 * so. */
char *evidence_events(char buffer[EVIDENCE_MAX], const struct history *history,
                      enum event_end end);

/* "attempt 3 came 0.412 s after attempt 2's answer (429, Retry-After: 2);
 * allowed is 2.000 s to 3.000 s" */
enum { EVIDENCE_GAP_MAX = 480 };
char *evidence_gap(char buffer[EVIDENCE_GAP_MAX], const struct history *history,
                   const struct attempt_view *view, const struct gap *gap,
                   const struct window *due);

/* Fills in the profile's own law, how far its jitter reaches, and where the
 * waits lay. */
void evidence_spread(const struct history     *history,
                     const struct spread_wait *waits, size_t count,
                     struct statistic *statistic);

#endif

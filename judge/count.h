/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_COUNT_H
#define JUDGE_COUNT_H

/* The profile's attempt header, as an attempt says it, and what may explain
 * that it is more than the record shows: attempts that nobody saw. */

#include "judge/history.h"

enum { COUNT_NONE = -1 };

/* So many retries: a header that begins at one says one more. Absent counts as
 * 0; COUNT_NONE = what it says is no count. */
int64_t count_said(const struct history      *history,
                   const struct attempt_view *view);
/* The number that says so many retries. */
int64_t count_in_words(const struct profile *profile, int64_t retries);
/* Says in each attempt how many unseen ones it and the others before it claim
 * (struct attempt_view). */
void count_claims(struct history *history);

/* Attempts of its batch that may have come before it, unseen. What died idle
 * swallows one attempt, and no more: what another batch has claimed of it is
 * not there for this one. */
unsigned count_unseen(const struct history      *history,
                      const struct attempt_view *view);

/* A kept connection had died before the attempt, and it is the first of its
 * batch that can tell what that cost: idle (the attempt that was lost on it is
 * not in the record) or under the attempt before. */
bool count_follows_dead(const struct history      *history,
                        const struct attempt_view *view);
/* ... and it says more retries than that explains: NET-3, and no other rule's
 * matter. */
bool count_is_of_the_dead(const struct history      *history,
                          const struct attempt_view *view);

#endif

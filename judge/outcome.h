/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_OUTCOME_H
#define JUDGE_OUTCOME_H

/* What became of an attempt, as a right client must have seen it. What it may
 * have seen either way is OUTCOME_UNKNOWN, and then nobody is blamed for what
 * came of it. */

#include "judge/terms.h"
#include "model/record.h"

enum outcome_kind {
    OUTCOME_UNKNOWN,   /* pending when all ended, or seen by halves */
    OUTCOME_DELIVERED, /* answered; by the profile's table a success, */
    OUTCOME_RETRIED,   /* ... to be tried again, */
    OUTCOME_EITHER,    /* ... to be tried again, or to be given up; */
    OUTCOME_DROPPED,   /* ... to be given up; */
    OUTCOME_NETWORK,   /* no answer came: reset, closed, timed out */
};

struct outcome {
    enum outcome_kind kind;
    /* The client knew it between these two; TIME_NEVER = not known. */
    int64_t from_ns;
    int64_t to_ns;
};

/* again: the client sent the same batch once more, later. */
struct outcome outcome_of(const struct terms   *terms,
                          const struct record  *record,
                          const struct attempt *attempt, bool again);

/* The client went while its request was under way, and nothing that was played
 * asked for that: by its own timeout, as far as we know when that began. */
bool outcome_timed_out(const struct terms   *terms,
                       const struct attempt *attempt);
/* ... or it may have been that, on a machine as busy as this one was. */
bool outcome_may_have_timed_out(const struct terms   *terms,
                                const struct attempt *attempt);

#endif

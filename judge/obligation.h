/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_OBLIGATION_H
#define JUDGE_OBLIGATION_H

/* What a right client does after an attempt: retry or not, and when.
 *
 * Walked along a batch's attempts in order. Where the contract leaves a
 * choice (a junk Retry-After may count or not), the number of counted retries
 * is known only as a range, and only what is wrong under every reading is
 * wrong. */

#include "judge/outcome.h"
#include "judge/retry_after.h"
#include "judge/terms.h"

enum obligation_kind {
    OBLIGATION_UNKNOWN,  /* nobody can say */
    OBLIGATION_NONE,     /* delivered or dropped: nothing more to do */
    OBLIGATION_BACKOFF,  /* a counted retry after the law's wait */
    OBLIGATION_BARE_429, /* the same, for 429 without Retry-After */
    OBLIGATION_RETRY_AFTER,     /* wait as the server said */
    OBLIGATION_DATE,     /* ... or take the date as absent */
    OBLIGATION_ZERO,     /* Retry-After: 0: a floor, or a counted backoff */
    OBLIGATION_JUNK,     /* as if absent, or clamped */
    OBLIGATION_COOL_OFF, /* the retries are spent, or may be: a pause */
};

/* What is spent, for certain, so that no retry is right. */
enum spent {
    SPENT_NOTHING,
    SPENT_RETRIES, /* the batch's counted retries */
    SPENT_LIMITS,  /* ... its Retry-After waits */
    SPENT_QUOTA,   /* the client's tokens */
};

/* The client's tokens, when it decides on a retry (quota.h). */
enum quota { QUOTA_ENOUGH, QUOTA_PERHAPS, QUOTA_SPENT };

struct obligation {
    enum obligation_kind     kind;
    bool                     must_stop;  /* no retry is right */
    enum spent               spent;      /* ... because that is */
    bool                     must_retry; /* giving up is wrong */
    struct window            wait;       /* when the retry is due */
    struct retry_after_value retry_after;       /* the answer's Retry-After */
    unsigned retry_first; /* it would be the n-th counted retry, n */
    unsigned retry_last;  /* from first to last */
};

/* A batch's history so far; zero it before the first attempt. */
struct course {
    unsigned counted_least; /* retries that the budget has paid for */
    unsigned counted_most;
    unsigned attempts; /* that were seen */
    unsigned missed;   /* ... and that may not have been */
    unsigned waits_least; /* of Retry-After */
    unsigned waits_most;
    bool     limited;
    int64_t  limited_ns; /* the first Retry-After, if any */
    bool     unseen; /* some attempts may be missing from the record */
    bool     failed;
    int64_t  failed_ns; /* the first failure, if any */
    bool     began;
    int64_t  began_ns; /* the first attempt */
};

/* So many attempts may have been made before the next, unseen. */
void obligation_miss(struct course *course, unsigned most);
struct obligation obligation_next(const struct terms   *terms,
                                  struct course        *course,
                                  const struct attempt *attempt,
                                  const struct outcome *outcome,
                                  enum quota            quota);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_RETRY_H
#define CLIENT_RETRY_H

/* The retry policy, pure: what came of an attempt goes in, the next move comes
 * out. No clock, no socket, no lock and no chance of its own, so that twelve
 * hours of retrying are tested in a millisecond.
 *
 * As retry_policy_init has it:
 *
 *   2xx, 3xx                         delivered
 *   429 with a usable Retry-After    wait that long; costs no retry
 *   408 410 429 460, 5xx, no answer  counted retry after a growing backoff
 *   511 when OAuth is configured     the same, with a new token
 *   501 505 511, any other status    dropped
 *
 * policy.h reads other policies from their profiles. Two budgets bound the
 * counted retries (how many, and for how long), one the rate-limited waits; the
 * attempts of a batch end whatever a server does. */

#include "client/outcome.h"

#include <stdbool.h>
#include <stdint.h>

enum { STATUS_MAX = 999, RETRY_TABLE_MAX = 32 };

#define RETRY_UNCAPPED_S 1e8 /* longer than any wait, and no overflow in ns */

enum answer_class { ANSWER_REFUSED, ANSWER_DELIVERED, ANSWER_RETRIED };
enum retry_law {
    LAW_EXPONENTIAL,
    LAW_LINEAR,
    LAW_FIXED,
    LAW_FIBONACCI,
    LAW_TABLE
};
/* How a Retry-After meets the backoff. */
enum retry_meets { MEETS_REPLACES, MEETS_LARGER, MEETS_ADDED, MEETS_CLAMPED };

struct retry_policy {
    /* By status, from 100 on. */
    unsigned char answer[STATUS_MAX + 1];     /* enum answer_class */
    unsigned char with_oauth[STATUS_MAX + 1]; /* retried with OAuth */
    unsigned char asks[STATUS_MAX + 1];       /* its Retry-After is heard */
    unsigned char asks_ms[STATUS_MAX + 1];    /* ... its fields in ms are */
    bool          drops_trouble; /* no answer is the end of a batch */

    /* A Retry-After. */
    enum retry_meets meets;
    double           clamp_s; /* MEETS_CLAMPED: so far over the backoff */
    bool             ignores_over_cap;
    bool             ends_over_cap; /* the batch */
    bool             counts_limits; /* such a wait costs a retry */
    bool             limits_batch;  /* ... and keeps no other batch waiting */
    int64_t          bare_429_ns; /* a 429 without one; 0 = the backoff */

    int64_t max_retries;          /* counted retries: attempts less one, */
    bool    counts_attempts;      /* ... or attempts */
    int64_t max_retry_after_ns;   /* a longer Retry-After is taken as this */
    int64_t max_total_backoff_ns; /* since the first counted failure */
    int64_t max_rate_limit_ns;    /* since the first rate limit */
    bool    backoff_from_attempt; /* ... since the first attempt's start */
    bool    shortens_limits; /* a Retry-After beyond what is left is that */
    int64_t max_limits; /* Retry-After waits of a batch, */
    bool    limits_are_attempts; /* ... or all its attempts over maxRetries */
    bool    requeues; /* after such a wait counts and time begin anew */
    int64_t cool_off_ns; /* when the retries are spent; 0 = it is dropped */
    double  quota; /* tokens of all retries; 0 = there is no quota */
    double  quota_cost; /* what a retry takes, */
    double  quota_cost_timeout; /* ... and after a timeout */
    bool    oauth; /* a new token may help: 511 is retried */

    /* The n-th counted retry waits base * factor^(n-1), or by another law; */
    enum retry_law law;
    double         table_s[RETRY_TABLE_MAX];
    unsigned       table_count;
    double         first_s; /* the first, if not the law's; -1 = the law's */
    bool           first_shifts; /* ... and the law begins behind it */
    double         backoff_base_s;
    double         backoff_factor;
    double         jitter_min; /* times a random factor from this range, */
    double         jitter_max;
    double         jitter_added_s; /* or up to so much more, */
    bool is_decorrelated; /* or from the base to three times the wait before */
    bool caps_law; /* the cap holds before the jitter */
    double backoff_cap_s; /* and never longer than this, */
    double backoff_floor_s; /* nor, below the cap, shorter than this. */
};

/* What the SDKs agreed on: 1000 retries, 300 s, 12 h, 12 h; 0.5 s doubling up
 * to 60 s, a tenth more or less. */
void retry_policy_init(struct retry_policy *policy);

/* One batch's history. */
struct retry {
    unsigned retries; /* attempts after the first, as they are counted */
    unsigned counted; /* those of them that the budget paid for */
    unsigned limits; /* and those that a Retry-After asked for */
    int64_t  began_ns; /* the first attempt, since the counts began; -1 */
    int64_t  failed_since_ns; /* first counted failure; -1 = none yet */
    int64_t  limited_since_ns; /* first rate limit; -1 = none yet */
    int64_t  waited_ns; /* the backoff before; 0 = none yet */
    double   cost; /* the tokens that the last retry took; 0 = none */
};

void retry_init(struct retry *retry);

/* enumerator, why a batch is dropped, for reports */
#define DROP_MAP(X)                                                            \
    X(DROP_REFUSED, "not retryable")                                           \
    X(DROP_RETRIES_SPENT, "maxRetries is spent")                               \
    X(DROP_BACKOFF_SPENT, "maxTotalBackoffDuration is spent")                  \
    X(DROP_RATE_LIMIT_SPENT, "maxRateLimitDuration is spent")                  \
    X(DROP_RATE_LIMITS, "rate-limited without end")                            \
    X(DROP_QUOTA, "the quota of retries is spent")                             \
    X(DROP_TOKEN, "no OAuth token could be had")                               \
    X(DROP_SHUTDOWN, "the client was shut down")

enum drop {
#define X(drop, text) drop,
    DROP_MAP(X)
#undef X
};

const char *drop_text(enum drop drop);

enum move_kind { MOVE_DELIVERED, MOVE_WAIT, MOVE_DROP };

struct move {
    enum move_kind kind;
    int64_t        until_ns; /* MOVE_WAIT: no attempt before this */
    bool           blocks_all; /* nor by any other batch of this client */
    enum drop      drop; /* MOVE_DROP: why */
};

struct move move_wait(int64_t until_ns);
struct move move_drop(enum drop why);

/* The next move after an attempt ended; the history goes on. chance in [0, 1)
 * picks the jitter. */
struct move retry_next(const struct retry_policy *policy, struct retry *retry,
                       const struct outcome *outcome, double chance);

/* Whether a retry may still start at now_ns; else *why. For one that was held
 * up longer than its own wait: by the gate, or by a busy machine. */
bool retry_in_time(const struct retry_policy *policy, const struct retry *retry,
                   int64_t now_ns, enum drop *why);

/* The wait before the n-th counted retry, n = 1, 2 ...; waited_ns: the one
 * before, 0 = none. */
int64_t retry_backoff_ns(const struct retry_policy *policy, unsigned n,
                         int64_t waited_ns, double chance);

#endif

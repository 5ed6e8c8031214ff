/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_RETRY_H
#define CLIENT_RETRY_H

/* The retry policy, pure: what came of an attempt goes in, the next move comes
 * out. No clock, no socket, no lock and no chance of its own, so that twelve
 * hours of retrying are tested in a millisecond.
 *
 *   2xx, 3xx                         delivered
 *   429 with a usable Retry-After    wait that long; costs no retry
 *   408 410 429 460, 5xx, no answer  counted retry after a growing backoff
 *   511 when OAuth is configured     the same, with a new token
 *   501 505 511, any other status    dropped
 *
 * Two budgets bound the counted retries (how many, and for how long), one the
 * rate-limited waits; the attempts of a batch end whatever a server does. */

#include "client/outcome.h"

#include <stdbool.h>
#include <stdint.h>

struct retry_policy {
    int64_t max_retries;          /* counted retries: attempts less one */
    int64_t max_retry_after_ns;   /* a longer Retry-After is taken as this */
    int64_t max_total_backoff_ns; /* since the first counted failure */
    int64_t max_rate_limit_ns;    /* since the first rate limit */
    bool    oauth; /* a new token may help: 511 is retried */

    /* The n-th counted retry waits base * factor^(n-1), */
    double backoff_base_s;
    double backoff_factor;
    double jitter_min; /* times a random factor from this range, */
    double jitter_max;
    double backoff_cap_s; /* and never longer than this. */
};

/* What the SDKs agreed on: 1000 retries, 300 s, 12 h, 12 h; 0.5 s doubling up
 * to 60 s, a tenth more or less. */
void retry_policy_init(struct retry_policy *policy);

/* One batch's history. */
struct retry {
    unsigned retries; /* attempts after the first: the X-Retry-Count */
    unsigned counted; /* those of them that the budget paid for */
    int64_t  failed_since_ns;  /* first counted failure; -1 = none yet */
    int64_t  limited_since_ns; /* first rate limit; -1 = none yet */
};

void retry_init(struct retry *retry);

/* enumerator, why a batch is dropped, for reports */
#define DROP_MAP(X)                                                            \
    X(DROP_REFUSED, "not retryable")                                           \
    X(DROP_RETRIES_SPENT, "maxRetries is spent")                               \
    X(DROP_BACKOFF_SPENT, "maxTotalBackoffDuration is spent")                  \
    X(DROP_RATE_LIMIT_SPENT, "maxRateLimitDuration is spent")                  \
    X(DROP_RATE_LIMITS, "rate-limited without end")                            \
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
    int64_t        until_ns;   /* MOVE_WAIT: no attempt before this */
    bool           blocks_all; /* nor by any other batch of this client */
    enum drop      drop;       /* MOVE_DROP: why */
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

/* The wait before the n-th counted retry, n = 1, 2 ... */
int64_t retry_backoff_ns(const struct retry_policy *policy, unsigned n,
                         double chance);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_TERMS_H
#define JUDGE_TERMS_H

/* The terms of one trial: what the profile publishes, with what the plan
 * configures for this client laid over it. */

#include "common/clock.h"
#include "model/plan.h"
#include "model/profile.h"
#include "model/record.h"

#include <stdbool.h>
#include <stdint.h>

/* No bound at all, and far from overflow: ten years. */
#define TERMS_OPEN_NS (INT64_C(315360000) * NS_PER_S)

struct terms {
    const struct plan    *plan;
    const struct profile *profile;
    bool                  oauth;
    unsigned              retries;      /* counted retries a batch may have */
    bool    retries_open; /* nobody says how many: it may give up, or go on */
    int64_t retry_after_cap_ns; /* a longer Retry-After is taken as this */
    int64_t backoff_budget_ns; /* of counted retrying, a batch; */
    int64_t rate_limit_budget_ns; /* of being rate-limited; TERMS_OPEN_NS =
                                   * there is none */
    double             batch_bytes_max; /* of a batch's body, decoded */
    struct backoff_law backoff;
    int64_t timeout_ns; /* of a request; TIME_NEVER = the client's own */
    int64_t early_ns; /* a client timer's own grain */
    int64_t late_ns; /* how much later than the law is still right */
    int64_t waits_ns; /* the client's command for its SDK; TIME_NEVER =
                       * without a bound */
    int64_t life_ns; /* the client was let live so long */
    int64_t noise_ns; /* so much more is doubtful: this trial's own */
};

/* The window of the wait before the n-th counted retry, n from first to last
 * where the count is not certain. */
struct window {
    int64_t least_ns;
    int64_t most_ns;
};

/* Such a wait is in it, too. */
void window_widen(struct window *window, int64_t least_ns, int64_t most_ns);

void terms_init(struct terms *terms, const struct plan *plan,
                const struct profile *profile, const struct record *record);
/* The shorter of both budgets of time. */
int64_t terms_time_ns(const struct terms *terms);
/* It cannot be spent in this trial: no client lives so long. */
bool terms_time_is_long(const struct terms *terms);
/* Twice the law and half of it, or the profile's own jitter where that is
 * wider; from nothing to TERMS_OPEN_NS where the law is not judged. */
struct window terms_backoff(const struct terms *terms, unsigned first,
                            unsigned last);
/* By the profile's own jitter, and never over the cap. */
struct window terms_own_backoff(const struct terms *terms, unsigned first,
                                unsigned last);
/* The law and its jitter could have the n-th wait over the cap. */
bool terms_capped(const struct terms *terms, unsigned retry);
bool terms_name_rule(const struct terms *terms, enum rule_id rule_id);

int64_t terms_seconds_ns(double seconds);

#endif

#ifndef JUDGE_TERMS_H
#define JUDGE_TERMS_H

/* The terms of one trial: what the profile publishes, with what the plan
 * configures for this client laid over it. */

#include "model/plan.h"
#include "model/profile.h"

#include <stdbool.h>
#include <stdint.h>

struct terms {
    const struct plan    *plan;
    const struct profile *profile;
    bool     oauth;
    unsigned retries;      /* counted retries a batch may have */
    int64_t  told_cap_ns;  /* a longer Retry-After is taken as this */
    int64_t  backoff_budget_ns;    /* of counted retrying, a batch */
    int64_t  rate_limit_budget_ns; /* of being rate-limited */
    int64_t  timeout_ns;   /* of a request; TIME_NEVER = the client's own */
    int64_t  early_ns;     /* a client timer's own grain */
    int64_t  late_ns;      /* how much later than the law is still right */
};

/* The window of the wait before the n-th counted retry, n from first to last
 * where the count is not certain. */
struct window {
    int64_t least_ns;
    int64_t most_ns;
};

void          terms_init(struct terms *terms, const struct plan *plan,
                         const struct profile *profile);
struct window terms_backoff(const struct terms *terms, unsigned first,
                            unsigned last);
/* The same, by the profile's own jitter. */
struct window terms_own_backoff(const struct terms *terms, unsigned first,
                                unsigned last);
bool          terms_name_rule(const struct terms *terms, const char *rule_id);

int64_t terms_seconds_ns(double seconds);

#endif

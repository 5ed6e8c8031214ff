/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/terms.h"

#include "common/clock.h"
#include "model/record.h"

#include <assert.h>

/* Longer than any trial, and no overflow in ns. */
#define BACKOFF_UNCAPPED_S 1e8

int64_t terms_seconds_ns(double seconds)
{
    return (int64_t)(seconds * (double)NS_PER_S);
}

static int64_t configured_ns(const struct plan *plan, enum config_key key,
                             double default_s)
{
    int64_t value_ms = plan->given.config[key];

    return value_ms == CONFIG_UNSET ? terms_seconds_ns(default_s)
                                    : value_ms * NS_PER_MS;
}

static double configured(const struct plan *plan, enum config_key key,
                         double unit, double default_value)
{
    int64_t value = plan->given.config[key];

    return value == CONFIG_UNSET ? default_value : (double)value * unit;
}

static struct backoff_law configured_backoff(const struct plan    *plan,
                                             const struct profile *profile)
{
    struct backoff_law law = profile_backoff(profile);

    law.base_s = configured(plan, CONFIG_BACKOFF_BASE, 0.001, law.base_s);
    law.cap_s = configured(plan, CONFIG_MAX_BACKOFF, 0.001, law.cap_s);
    return law;
}

/* In ms where it is configured, else the profile's budget, if it has one. */
static int64_t budget_ns(const struct plan *plan, enum config_key key,
                         bool is_open, double published_s)
{
    if (is_open && plan->given.config[key] == CONFIG_UNSET)
        return TERMS_OPEN_NS;
    return configured_ns(plan, key, published_s);
}

static unsigned counted_retries(const struct plan    *plan,
                                const struct profile *profile)
{
    int64_t configured = plan->given.config[CONFIG_MAX_RETRIES];
    double  retries = configured == CONFIG_UNSET ? profile->max_retries_default
                                                 : (double)configured;

    if (profile->max_retries_means == MAX_RETRIES_MEANS_ATTEMPTS &&
        retries >= 1)
        retries -= 1;
    return (unsigned)retries;
}

void terms_init(struct terms *terms, const struct plan *plan,
                const struct profile *profile, const struct record *record)
{
    *terms = (struct terms){
        .plan = plan,
        .profile = profile,
        .oauth = plan_has_oauth(plan),
        .retries = counted_retries(plan, profile),
        .retry_after_cap_ns = configured_ns(plan, CONFIG_MAX_RETRY_AFTER,
                                            profile->retry_after_cap_s),
        .retries_open = PROFILE_OPEN(profile, max_retries_default) &&
                        plan->given.config[CONFIG_MAX_RETRIES] == CONFIG_UNSET,
        .backoff_budget_ns =
            budget_ns(plan, CONFIG_MAX_TOTAL_BACKOFF,
                      PROFILE_OPEN(profile, max_total_backoff_s),
                      profile->max_total_backoff_s),
        .rate_limit_budget_ns = budget_ns(
            plan, CONFIG_MAX_RATE_LIMIT,
            PROFILE_OPEN(profile, max_rate_limit_s), profile->max_rate_limit_s),
        .batch_bytes_max = configured(plan, CONFIG_MAX_BATCH_BYTES, 1,
                                      profile->batch_bytes_max),
        .backoff = configured_backoff(plan, profile),
        .timeout_ns = TIME_NEVER,
        .early_ns = terms_seconds_ns(profile->early_tolerance_ms / 1000),
        .late_ns = terms_seconds_ns(profile->lateness_ms / 1000),
        .waits_ns = profile->waits_s > 0 ? terms_seconds_ns(profile->waits_s)
                                         : TIME_NEVER,
        .life_ns = plan->limit_ns + record->outcome.extra_ns,
        .noise_ns = noise_bound_ns(&record->noise),
    };
    if (plan->given.config[CONFIG_TIMEOUT] != CONFIG_UNSET)
        terms->timeout_ns = plan->given.config[CONFIG_TIMEOUT] * NS_PER_MS;
}

/* ---- the law ---- */

void window_widen(struct window *window, int64_t least_ns, int64_t most_ns)
{
    assert(least_ns <= most_ns);
    if (least_ns < window->least_ns)
        window->least_ns = least_ns;
    if (most_ns > window->most_ns)
        window->most_ns = most_ns;
}

/* The wait before the n-th; loosely: half the law and twice the law, too. */
static void widen_by(struct window *window, const struct backoff_law *law,
                     unsigned n, bool loosely)
{
    struct backoff_span own = backoff_law_span(law, n);
    int64_t             wait_ns = backoff_law_ns(law, n);
    int64_t             floor_ns = backoff_law_floor_ns(law);

    window_widen(window, own.least_ns, own.most_ns);
    if (loosely)
        window_widen(window, clock_later_ns(wait_ns / 2, floor_ns),
                     clock_later_ns(wait_ns * 2, floor_ns));
}

/* The law grows with n, but for the first wait, which a profile may set by
 * itself, and for a table, which need not: so of a range its ends decide, the
 * second, and all that a table names. */
static struct window law_window(const struct terms *terms, unsigned first,
                                unsigned last, bool loosely)
{
    const struct backoff_law *law = &terms->backoff;
    unsigned                  close = first + 1 + law->table.count;
    struct window             window = {INT64_MAX, 0};

    assert(first >= 1 && first <= last);
    for (unsigned n = first; n <= last && n <= close; n++)
        widen_by(&window, law, n, loosely);
    widen_by(&window, law, last, loosely);
    return window;
}

static struct window any_wait(void)
{
    return (struct window){0, TERMS_OPEN_NS};
}

struct window terms_backoff(const struct terms *terms, unsigned first,
                            unsigned last)
{
    if (PROFILE_OPEN(terms->profile, backoff_law))
        return any_wait();
    return law_window(terms, first, last, true);
}

struct window terms_own_backoff(const struct terms *terms, unsigned first,
                                unsigned last)
{
    if (PROFILE_OPEN(terms->profile, backoff_law))
        return any_wait();
    return law_window(terms, first, last, false);
}

bool terms_capped(const struct terms *terms, unsigned retry)
{
    struct backoff_law law = terms->backoff;

    if (PROFILE_OPEN(terms->profile, backoff_law))
        return false;
    law.cap_s = BACKOFF_UNCAPPED_S;
    return (double)backoff_law_span(&law, retry).most_ns >
           terms->backoff.cap_s * (double)NS_PER_S;
}

bool terms_name_rule(const struct terms *terms, enum rule_id rule_id)
{
    for (size_t i = 0; i < terms->plan->rule_count; i++)
        if (terms->plan->rules[i] == &rule_table[rule_id])
            return true;
    return false;
}

int64_t terms_time_ns(const struct terms *terms)
{
    return terms->rate_limit_budget_ns < terms->backoff_budget_ns
               ? terms->rate_limit_budget_ns
               : terms->backoff_budget_ns;
}

bool terms_time_is_long(const struct terms *terms)
{
    return terms_time_ns(terms) >= terms->life_ns;
}

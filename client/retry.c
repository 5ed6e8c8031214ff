/* SPDX-License-Identifier: Apache-2.0 */
#include "client/retry.h"

#include "common/clock.h"

#include <assert.h>

/* Rate-limited waits are free, so only a duration bounds them; and a duration
 * trusts the clock. This bound holds even when the clock stands still. No
 * honest day reaches it: 43,200 s of one-second waits are 43,200. */
enum { RATE_LIMITS_MAX = 100000 };

static void set_statuses(unsigned char by_status[STATUS_MAX + 1], int from,
                         int to, unsigned char what)
{
    for (int status = from; status <= to; status++)
        by_status[status] = what;
}

void retry_policy_init(struct retry_policy *policy)
{
    /* 408 Request Timeout; 410 Gone, on purpose: some proxies say it of a
     * backend that moved; 429 Too Many Requests; 460, a load balancer's. */
    static const int retried[] = {408, 410, 429, 460};
    /* Not Implemented, HTTP Version Not Supported, and Network Authentication
     * Required: there a new token may do. */
    static const int refused[] = {501, 505, 511};

    *policy = (struct retry_policy){
        .max_retries = 1000,
        .max_retry_after_ns = 300 * NS_PER_S,
        .max_total_backoff_ns = 43200 * NS_PER_S,
        .max_rate_limit_ns = 43200 * NS_PER_S,
        .max_limits = INT64_MAX / 4,
        .first_s = -1,
        .backoff_base_s = 0.5,
        .backoff_factor = 2,
        .backoff_cap_s = 60,
        .jitter_min = 0.9,
        .jitter_max = 1.1,
    };
    set_statuses(policy->answer, 200, 399, ANSWER_DELIVERED);
    set_statuses(policy->answer, 500, 599, ANSWER_RETRIED);
    for (size_t i = 0; i < sizeof retried / sizeof retried[0]; i++)
        policy->answer[retried[i]] = ANSWER_RETRIED;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        policy->answer[refused[i]] = ANSWER_REFUSED;
    policy->with_oauth[511] = true;
    policy->asks[429] = true;
}

void retry_init(struct retry *retry)
{
    *retry = (struct retry){
        .began_ns = -1, .failed_since_ns = -1, .limited_since_ns = -1};
}

const char *drop_text(enum drop drop)
{
    static const char *const texts[] = {
#define X(drop_, text) [drop_] = text,
        DROP_MAP(X)
#undef X
    };
    assert((size_t)drop < sizeof texts / sizeof texts[0]);
    return texts[drop];
}

static enum answer_class classify(const struct retry_policy *policy,
                                  const struct outcome      *outcome)
{
    int status = outcome->status;

    if (outcome->trouble != TROUBLE_NONE)
        return policy->drops_trouble ? ANSWER_REFUSED : ANSWER_RETRIED;
    if (status < 100 || status > STATUS_MAX)
        return ANSWER_REFUSED;
    if (outcome->override != OVERRIDE_NONE &&
        policy->answer[status] != ANSWER_DELIVERED)
        return outcome->override == OVERRIDE_RETRY ? ANSWER_RETRIED
                                                   : ANSWER_REFUSED;
    if (policy->oauth && policy->with_oauth[status])
        return ANSWER_RETRIED;
    return (enum answer_class)policy->answer[status];
}

/* ---- how long ---- */

static double lesser(double left, double right)
{
    return left < right ? left : right;
}

/* The n-th wait of the law, n from 1 on. Stops growing at twice the cap:
 * nothing overflows at the 1000th, and the least jitter still reaches it. */
static double law_s(const struct retry_policy *policy, unsigned n)
{
    double wait_s = policy->backoff_base_s;
    double before_s = 0;

    switch (policy->law) {
    case LAW_TABLE:
        return policy
            ->table_s[(n < policy->table_count ? n : policy->table_count) - 1];
    case LAW_LINEAR:
        return wait_s * n;
    case LAW_FIXED:
        return wait_s;
    case LAW_EXPONENTIAL:
        while (--n > 0 && wait_s < 2 * policy->backoff_cap_s)
            wait_s *= policy->backoff_factor;
        return wait_s;
    case LAW_FIBONACCI:
        while (--n > 0 && wait_s < 2 * policy->backoff_cap_s) {
            double sum_s = wait_s + before_s;

            before_s = wait_s;
            wait_s = sum_s;
        }
        return wait_s;
    }
    return wait_s;
}

static double unjittered_s(const struct retry_policy *policy, unsigned n)
{
    if (policy->first_s < 0)
        return law_s(policy, n);
    if (n == 1)
        return policy->first_s;
    return law_s(policy, policy->first_shifts ? n - 1 : n);
}

int64_t retry_backoff_ns(const struct retry_policy *policy, unsigned n,
                         int64_t waited_ns, double chance)
{
    double wait_s = unjittered_s(policy, n);
    double floor_s = lesser(policy->backoff_floor_s, policy->backoff_cap_s);
    double factor =
        policy->jitter_min + chance * (policy->jitter_max - policy->jitter_min);

    assert(n >= 1);
    assert(chance >= 0 && chance <= 1);
    if (policy->caps_law)
        wait_s = lesser(wait_s, policy->backoff_cap_s);
    if (policy->is_decorrelated) {
        double most_s =
            3 * (waited_ns > 0 ? (double)waited_ns / (double)NS_PER_S
                               : policy->backoff_base_s);

        wait_s =
            policy->backoff_base_s + chance * (most_s - policy->backoff_base_s);
    } else if (policy->jitter_added_s > 0) {
        wait_s += chance * policy->jitter_added_s;
    } else {
        wait_s *= factor;
    }
    if (!policy->caps_law)
        wait_s = lesser(wait_s, policy->backoff_cap_s);
    if (wait_s < floor_s)
        wait_s = floor_s;
    return (int64_t)(wait_s * (double)NS_PER_S);
}

bool retry_in_time(const struct retry_policy *policy, const struct retry *retry,
                   int64_t now_ns, enum drop *why)
{
    *why = DROP_BACKOFF_SPENT;
    if (retry->failed_since_ns >= 0 &&
        now_ns - retry->failed_since_ns > policy->max_total_backoff_ns)
        return false;
    *why = DROP_RATE_LIMIT_SPENT;
    return retry->limited_since_ns < 0 ||
           now_ns - retry->limited_since_ns <= policy->max_rate_limit_ns;
}

struct move move_wait(int64_t until_ns)
{
    return (struct move){.kind = MOVE_WAIT, .until_ns = until_ns};
}

struct move move_drop(enum drop why)
{
    return (struct move){.kind = MOVE_DROP, .drop = why};
}

/* How long the server asks to be left alone; 0 = it does not say. Only of some
 * statuses the header is part of the contract. */
static int64_t said_wait_ns(const struct retry_policy *policy,
                            const struct outcome      *outcome)
{
    if (outcome->trouble != TROUBLE_NONE || outcome->status > STATUS_MAX ||
        outcome->status < 100)
        return 0;
    if (outcome->ms_ns > 0 && policy->asks_ms[outcome->status])
        return outcome->ms_ns;
    return policy->asks[outcome->status] ? outcome->retry_after_ns : 0;
}

/* ... and how long it is left alone for that. */
static int64_t asked_wait_ns(const struct retry_policy *policy, int64_t said_ns)
{
    if (said_ns <= policy->max_retry_after_ns)
        return said_ns;
    return policy->ignores_over_cap ? 0 : policy->max_retry_after_ns;
}

static int64_t met_ns(const struct retry_policy *policy, int64_t asked_ns,
                      int64_t backoff_ns)
{
    int64_t clamp_ns = (int64_t)(policy->clamp_s * (double)NS_PER_S);

    switch (policy->meets) {
    case MEETS_REPLACES:
        break;
    case MEETS_LARGER:
        return clock_later_ns(asked_ns, backoff_ns);
    case MEETS_ADDED:
        return asked_ns + backoff_ns;
    case MEETS_CLAMPED:
        return clock_later_ns(
            backoff_ns, clock_earlier_ns(asked_ns, backoff_ns + clamp_ns));
    }
    return asked_ns;
}

static int64_t retries_allowed(const struct retry_policy *policy)
{
    return policy->max_retries -
           (policy->counts_attempts && policy->max_retries > 0);
}

/* All counted retries are spent: the batch ends, or they begin anew after a
 * pause. */
static struct move retries_spent(const struct retry_policy *policy,
                                 struct retry              *retry,
                                 const struct outcome      *outcome)
{
    if (policy->cool_off_ns == 0)
        return move_drop(DROP_RETRIES_SPENT);
    retry->counted = 0;
    retry->waited_ns = 0;
    return move_wait(outcome->ended_ns + policy->cool_off_ns);
}

static bool limits_spent(const struct retry_policy *policy,
                         const struct retry *retry, bool is_limit)
{
    if (policy->limits_are_attempts)
        return retry->retries + 1 >=
               policy->max_limits + retries_allowed(policy);
    return is_limit && retry->limits >= policy->max_limits;
}

static void begin_anew(struct retry *retry)
{
    retry->counted = 0;
    retry->waited_ns = 0;
    retry->began_ns = retry->failed_since_ns = -1;
}

/* The server said when to come back. Where the policy has it so, everybody
 * waits, and it costs nothing. */
static struct move rate_limited(const struct retry_policy *policy,
                                struct retry              *retry,
                                const struct outcome *outcome, int64_t asked_ns,
                                double chance)
{
    int64_t backoff_ns =
        retry_backoff_ns(policy, retry->counted + 1, retry->waited_ns, chance);
    int64_t until_ns = outcome->ended_ns + met_ns(policy, asked_ns, backoff_ns);

    assert(asked_ns > 0);
    if (retry->limited_since_ns < 0)
        retry->limited_since_ns = outcome->ended_ns;
    if (policy->counts_limits && retry->counted >= retries_allowed(policy))
        return retries_spent(policy, retry, outcome);
    if (retry->limits >= RATE_LIMITS_MAX)
        return move_drop(DROP_RATE_LIMITS);
    retry->limits++;
    retry->counted += policy->counts_limits;
    if (policy->requeues)
        begin_anew(retry);
    if (policy->shortens_limits)
        until_ns = clock_later_ns(
            outcome->ended_ns,
            clock_earlier_ns(until_ns, retry->limited_since_ns +
                                           policy->max_rate_limit_ns));
    return (struct move){
        .kind = MOVE_WAIT,
        .until_ns = until_ns,
        .blocks_all = !policy->limits_batch,
    };
}

static struct move backed_off(const struct retry_policy *policy,
                              struct retry              *retry,
                              const struct outcome *outcome, double chance)
{
    bool is_bare_429 = outcome->trouble == TROUBLE_NONE &&
                       outcome->status == 429 && policy->bare_429_ns > 0;

    if (retry->failed_since_ns < 0)
        retry->failed_since_ns =
            policy->backoff_from_attempt ? retry->began_ns : outcome->ended_ns;
    if (retry->counted >= retries_allowed(policy))
        return retries_spent(policy, retry, outcome);
    retry->counted++;
    retry->waited_ns =
        retry_backoff_ns(policy, retry->counted, retry->waited_ns, chance);
    return move_wait(outcome->ended_ns +
                     (is_bare_429 ? policy->bare_429_ns : retry->waited_ns));
}

struct move retry_next(const struct retry_policy *policy, struct retry *retry,
                       const struct outcome *outcome, double chance)
{
    enum answer_class class = classify(policy, outcome);
    int64_t           said_ns = said_wait_ns(policy, outcome);
    int64_t           asked_ns = asked_wait_ns(policy, said_ns);
    struct move       move;
    enum drop         why;

    /* Given up for the deadline's sake, whatever budget was left or spent:
     * the shutdown must be able to say so. */
    if (outcome->trouble == TROUBLE_STOPPED)
        return move_drop(DROP_SHUTDOWN);
    if (class == ANSWER_DELIVERED)
        return (struct move){.kind = MOVE_DELIVERED};
    if (class == ANSWER_REFUSED)
        return move_drop(DROP_REFUSED);
    if (policy->ends_over_cap && said_ns > asked_ns)
        return move_drop(DROP_REFUSED);
    if (limits_spent(policy, retry, asked_ns > 0))
        return move_drop(DROP_RATE_LIMITS);
    if (retry->began_ns < 0)
        retry->began_ns = outcome->began_ns;
    if (asked_ns > 0)
        move = rate_limited(policy, retry, outcome, asked_ns, chance);
    else
        move = backed_off(policy, retry, outcome, chance);
    if (move.kind == MOVE_DROP)
        return move;
    /* Known already now to come too late: then why wait for it. */
    if (!retry_in_time(policy, retry, move.until_ns, &why))
        return move_drop(why);
    retry->retries++;
    return move;
}

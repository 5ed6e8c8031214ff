/* SPDX-License-Identifier: Apache-2.0 */
#include "client/retry.h"

#include "common/clock.h"

#include <assert.h>

/* Rate-limited waits are free, so only a duration bounds them; and a duration
 * trusts the clock. This bound holds even when the clock stands still. No
 * honest day reaches it: 43,200 s of one-second waits are 43,200. */
enum { RATE_LIMITS_MAX = 100000 };

void retry_policy_init(struct retry_policy *policy)
{
    *policy = (struct retry_policy){
        .max_retries = 1000,
        .max_retry_after_ns = 300 * NS_PER_S,
        .max_total_backoff_ns = 43200 * NS_PER_S,
        .max_rate_limit_ns = 43200 * NS_PER_S,
        .backoff_base_s = 0.5,
        .backoff_factor = 2,
        .backoff_cap_s = 60,
        .jitter_min = 0.9,
        .jitter_max = 1.1,
    };
}

void retry_init(struct retry *retry)
{
    *retry = (struct retry){.failed_since_ns = -1, .limited_since_ns = -1};
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

enum answer_class { CLASS_DELIVERED, CLASS_RETRIED, CLASS_REFUSED };

static enum answer_class classify(int status, bool oauth)
{
    switch (status) {
    case 408: /* Request Timeout */
    case 410: /* Gone: on purpose, some proxies say it of a moved backend. */
    case 429: /* Too Many Requests */
    case 460: /* A load balancer's client closed the connection. */
        return CLASS_RETRIED;
    case 501: /* Not Implemented */
    case 505: /* HTTP Version Not Supported */
        return CLASS_REFUSED;
    case 511: /* Network Authentication Required: a new token may do. */
        return oauth ? CLASS_RETRIED : CLASS_REFUSED;
    default:
        break;
    }
    if (status >= 200 && status <= 399)
        return CLASS_DELIVERED;
    if (status >= 500 && status <= 599)
        return CLASS_RETRIED;
    return CLASS_REFUSED;
}

int64_t retry_backoff_ns(const struct retry_policy *policy, unsigned n,
                         double chance)
{
    double jitter =
        policy->jitter_min + chance * (policy->jitter_max - policy->jitter_min);
    double wait_s = policy->backoff_base_s;

    assert(n >= 1);
    assert(chance >= 0 && chance <= 1);
    /* Stops growing at twice the cap: nothing overflows at the 1000th, and
     * the least jitter still reaches the cap. */
    while (--n > 0 && wait_s < 2 * policy->backoff_cap_s)
        wait_s *= policy->backoff_factor;
    wait_s *= jitter;
    if (wait_s > policy->backoff_cap_s)
        wait_s = policy->backoff_cap_s;
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

/* How long the server asks to be left alone; 0 = it does not say. Only a 429
 * is asked: on any other status the header is not part of the contract. */
static int64_t asked_wait_ns(const struct retry_policy *policy,
                             const struct outcome      *outcome)
{
    if (outcome->trouble != TROUBLE_NONE || outcome->status != 429)
        return 0;
    return outcome->retry_after_ns < policy->max_retry_after_ns
               ? outcome->retry_after_ns
               : policy->max_retry_after_ns;
}

/* The server said when to come back. Everybody waits, and it costs nothing. */
static struct move rate_limited(struct retry         *retry,
                                const struct outcome *outcome, int64_t wait_ns)
{
    assert(wait_ns > 0);
    if (retry->limited_since_ns < 0)
        retry->limited_since_ns = outcome->ended_ns;
    if (retry->retries - retry->counted >= RATE_LIMITS_MAX)
        return move_drop(DROP_RATE_LIMITS);
    return (struct move){
        .kind = MOVE_WAIT,
        .until_ns = outcome->ended_ns + wait_ns,
        .blocks_all = true,
    };
}

static struct move backed_off(const struct retry_policy *policy,
                              struct retry              *retry,
                              const struct outcome *outcome, double chance)
{
    if (retry->failed_since_ns < 0)
        retry->failed_since_ns = outcome->ended_ns;
    if (retry->counted >= policy->max_retries)
        return move_drop(DROP_RETRIES_SPENT);
    retry->counted++;
    return move_wait(outcome->ended_ns +
                     retry_backoff_ns(policy, retry->counted, chance));
}

struct move retry_next(const struct retry_policy *policy, struct retry *retry,
                       const struct outcome *outcome, double chance)
{
    enum answer_class class = outcome->trouble == TROUBLE_NONE
                                  ? classify(outcome->status, policy->oauth)
                                  : CLASS_RETRIED;
    int64_t           asked_ns = asked_wait_ns(policy, outcome);
    struct move       move;
    enum drop         why;

    /* Given up for the deadline's sake, whatever budget was left or spent:
     * the shutdown must be able to say so. */
    if (outcome->trouble == TROUBLE_STOPPED)
        return move_drop(DROP_SHUTDOWN);
    if (class == CLASS_DELIVERED)
        return (struct move){.kind = MOVE_DELIVERED};
    if (class == CLASS_REFUSED)
        return move_drop(DROP_REFUSED);
    if (asked_ns > 0)
        move = rate_limited(retry, outcome, asked_ns);
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

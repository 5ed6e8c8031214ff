/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/obligation.h"

#include "common/clock.h"

#include <assert.h>

/* More than any budget pays for; from here on unseen ones change nothing. */
enum { COUNTED_ENOUGH = 1 << 30 };

/* ---- when ---- */

static bool bare_429_blocks(const struct terms *terms, int status)
{
    return status == 429 && terms->profile->bare_429 == BARE_429_BLOCK;
}

/* The wait where no Retry-After is heard. */
static struct window absent_wait(const struct terms      *terms,
                                 const struct obligation *obligation,
                                 int                      status)
{
    int64_t block_ns = terms_seconds_ns(terms->profile->bare_429_block_s);

    if (bare_429_blocks(terms, status))
        return (struct window){block_ns, block_ns};
    return terms_backoff(terms, obligation->retry_first,
                         obligation->retry_last);
}

static void may_be_zero(const struct terms *terms, struct window *wait)
{
    int64_t floor_ns = terms_seconds_ns(terms->profile->retry_after_floor_s);

    if (PROFILE_OPEN(terms->profile, retry_after_zero) ||
        terms->profile->retry_after_zero == RETRY_AFTER_ZERO_IMMEDIATE)
        floor_ns = 0;
    window_widen(wait, floor_ns, floor_ns);
}

static int64_t between(int64_t value, int64_t least, int64_t most)
{
    return clock_later_ns(least, clock_earlier_ns(value, most));
}

/* What was asked for, as it meets the backoff. */
static struct window met(const struct terms             *terms,
                         const struct retry_after_value *asked,
                         const struct window            *backoff)
{
    int64_t clamp_ns = terms_seconds_ns(terms->profile->retry_after_clamp_s);

    switch (terms->profile->retry_after_meets) {
    case RETRY_AFTER_MEETS_REPLACES:
        break;
    case RETRY_AFTER_MEETS_LARGER:
        return (struct window){
            clock_later_ns(asked->least_ns, backoff->least_ns),
            clock_later_ns(asked->most_ns, backoff->most_ns)};
    case RETRY_AFTER_MEETS_ADDED:
        return (struct window){asked->least_ns + backoff->least_ns,
                               asked->most_ns + backoff->most_ns};
    case RETRY_AFTER_MEETS_CLAMPED:
        return (struct window){between(asked->least_ns, backoff->least_ns,
                                       backoff->least_ns + clamp_ns),
                               between(asked->most_ns, backoff->most_ns,
                                       backoff->most_ns + clamp_ns)};
    }
    return (struct window){asked->least_ns, asked->most_ns};
}

static struct window due_wait(const struct terms      *terms,
                              const struct obligation *obligation, int status)
{
    const struct retry_after_value *retry_after = &obligation->retry_after;
    struct window wait = absent_wait(terms, obligation, status);
    struct window asked = met(terms, retry_after, &wait);

    switch (obligation->kind) {
    case OBLIGATION_RETRY_AFTER:
        return asked;
    case OBLIGATION_ZERO:
        may_be_zero(terms, &wait);
        break;
    case OBLIGATION_DATE:
    case OBLIGATION_JUNK:
        if (retry_after->may_be_zero)
            may_be_zero(terms, &wait);
        if (retry_after->may_wait)
            window_widen(&wait, asked.least_ns, asked.most_ns);
        break;
    default:
        break;
    }
    return wait;
}

/* ---- what ---- */

static enum obligation_kind over_cap_kind(const struct terms  *terms,
                                          enum obligation_kind clamped)
{
    switch (terms->profile->retry_after_over_cap) {
    case RETRY_AFTER_OVER_CAP_IGNORE:
        return OBLIGATION_BACKOFF;
    case RETRY_AFTER_OVER_CAP_GIVE_UP:
        return clamped == OBLIGATION_RETRY_AFTER ? OBLIGATION_NONE
                                                 : OBLIGATION_UNKNOWN;
    case RETRY_AFTER_OVER_CAP_CLAMP:
        break;
    }
    return clamped;
}

static enum obligation_kind kind_of(const struct terms             *terms,
                                    const struct attempt           *attempt,
                                    const struct outcome           *outcome,
                                    const struct retry_after_value *retry_after)
{
    static const enum obligation_kind kinds[] = {
        [RETRY_AFTER_NOTHING] = OBLIGATION_BACKOFF,
        [RETRY_AFTER_WAIT] = OBLIGATION_RETRY_AFTER,
        [RETRY_AFTER_DATE] = OBLIGATION_DATE,
        [RETRY_AFTER_ZERO] = OBLIGATION_ZERO,
        [RETRY_AFTER_JUNK] = OBLIGATION_JUNK,
    };

    switch (outcome->kind) {
    case OUTCOME_UNKNOWN:
        return OBLIGATION_UNKNOWN;
    case OUTCOME_DELIVERED:
    case OUTCOME_DROPPED:
        return OBLIGATION_NONE;
    case OUTCOME_NETWORK:
        return profile_status(terms->profile, 0, terms->oauth) == STATUS_DROPPED
                   ? OBLIGATION_NONE
                   : OBLIGATION_BACKOFF;
    case OUTCOME_RETRIED:
    case OUTCOME_EITHER:
        break;
    }
    if (retry_after->kind == RETRY_AFTER_NOTHING && attempt->status == 429)
        return OBLIGATION_BARE_429;
    if (!profile_reads_retry_after(terms->profile, attempt->status,
                                   retry_after->in_ms))
        return OBLIGATION_BACKOFF;
    if (retry_after->over_cap)
        return over_cap_kind(terms, kinds[retry_after->kind]);
    return kinds[retry_after->kind];
}

/* Whether the budget pays for the retry that the duty asks for. */
enum payment { PAYS, PAYS_NOT, PAYS_PERHAPS };

static enum payment payment_of(const struct terms      *terms,
                               const struct obligation *obligation, int status)
{
    switch (obligation->kind) {
    case OBLIGATION_BACKOFF:
        return PAYS;
    case OBLIGATION_BARE_429:
        return bare_429_blocks(terms, status) ? PAYS_PERHAPS : PAYS;
    case OBLIGATION_RETRY_AFTER:
        if (PROFILE_OPEN(terms->profile, rate_limited_tries))
            return PAYS_PERHAPS;
        return terms->profile->rate_limited_tries == RATE_LIMITED_TRIES_COUNTED
                   ? PAYS
                   : PAYS_NOT;
    case OBLIGATION_NONE:
        return PAYS_NOT;
    default:
        return PAYS_PERHAPS;
    }
}

/* Whether the retry, at its latest, still falls into both budgets of time. */
static bool in_time(const struct terms *terms, const struct course *course,
                    const struct outcome *outcome, const struct window *wait)
{
    int64_t budget_ns = terms_time_ns(terms);
    int64_t since_ns;

    if (terms_time_is_long(terms))
        return true;
    /* Another batch's Retry-After may hold this one up past its time. */
    if (outcome->to_ns == TIME_NEVER || !course->failed || course->unseen ||
        plan_batches(terms->plan) > 1)
        return false;
    since_ns = outcome->to_ns - (terms->profile->max_total_backoff_from ==
                                         MAX_TOTAL_BACKOFF_FROM_ATTEMPT
                                     ? course->began_ns
                                     : course->failed_ns);
    return since_ns + wait->most_ns + terms->late_ns <= budget_ns;
}

/* The policy leaves it to the client whether it retries at all. */
static bool is_free(const struct terms *terms, const struct outcome *outcome)
{
    return terms->retries_open || outcome->kind == OUTCOME_EITHER ||
           (outcome->kind == OUTCOME_NETWORK &&
            profile_status(terms->profile, 0, terms->oauth) == STATUS_EITHER);
}

static bool must_retry(const struct terms *terms, const struct course *course,
                       const struct obligation *obligation,
                       const struct outcome *outcome, enum payment payment)
{
    if (obligation->kind == OBLIGATION_UNKNOWN ||
        obligation->kind == OBLIGATION_NONE || is_free(terms, outcome) ||
        !in_time(terms, course, outcome, &obligation->wait))
        return false;
    /* maxRetries 0 is one attempt "for every retryable cause": it may stand
     * above a wait that costs nothing. */
    if (payment == PAYS_NOT)
        return terms->retries > 0 &&
               (!PROFILE_OPEN(terms->profile, max_rate_limited_tries) ||
                course->waits_least < RATE_LIMITED_CERTAIN);
    return obligation->kind == OBLIGATION_COOL_OFF ||
           course->counted_most < terms->retries;
}

/* ---- bounds beside maxRetries ---- */

/* A wait that the server asked for, or may have. */
static bool may_be_asked(enum obligation_kind kind)
{
    return kind == OBLIGATION_RETRY_AFTER || kind == OBLIGATION_DATE ||
           kind == OBLIGATION_JUNK || kind == OBLIGATION_ZERO;
}

/* The profile's bound on being rate-limited is reached: for certain, or as far
 * as anybody can say. */
static bool limits_spent(const struct terms *terms, const struct course *course,
                         const struct obligation *obligation, bool certain)
{
    const struct profile *profile = terms->profile;
    bool is_asked = certain ? obligation->kind == OBLIGATION_RETRY_AFTER
                            : may_be_asked(obligation->kind);

    if (PROFILE_OPEN(profile, max_rate_limited_tries))
        return false;
    if (profile->max_rate_limited_means == MAX_RATE_LIMITED_MEANS_ATTEMPTS)
        return (double)course->attempts + (certain ? 0 : course->missed) >=
               profile->max_rate_limited_tries + terms->retries;
    return is_asked && (certain ? course->waits_least : course->waits_most) >=
                           profile->max_rate_limited_tries;
}

/* Where the retries are spent, a pause follows, and where they may be, the
 * pause or a retry. */
static void may_cool_off(const struct terms *terms, const struct course *course,
                         struct obligation *obligation, enum payment payment)
{
    int64_t pause_ns = terms_seconds_ns(terms->profile->cool_off_s);
    bool certain = payment == PAYS && course->counted_least >= terms->retries;

    if (PROFILE_OPEN(terms->profile, cool_off_s) || payment == PAYS_NOT ||
        obligation->kind == OBLIGATION_UNKNOWN || terms->retries_open ||
        course->counted_most < terms->retries)
        return;
    if (certain && obligation->kind != OBLIGATION_RETRY_AFTER)
        obligation->wait = (struct window){pause_ns, pause_ns};
    else
        window_widen(&obligation->wait, pause_ns, pause_ns);
    obligation->kind = OBLIGATION_COOL_OFF;
}

/* A Retry-After that does not fit into what is left of its budget may be waited
 * for no longer than that. */
static void may_be_shortened(const struct terms   *terms,
                             const struct course  *course,
                             const struct outcome *outcome,
                             struct obligation    *obligation)
{
    int64_t left_ns = terms->rate_limit_budget_ns;

    if (PROFILE_IS(terms->profile, retry_after_over_budget,
                   RETRY_AFTER_OVER_BUDGET_GIVE_UP) ||
        !may_be_asked(obligation->kind) || outcome->to_ns == TIME_NEVER)
        return;
    if (course->limited)
        left_ns -= outcome->to_ns - course->limited_ns;
    left_ns = clock_later_ns(left_ns, 0);
    if (obligation->wait.most_ns > left_ns)
        window_widen(&obligation->wait,
                     clock_earlier_ns(left_ns, obligation->wait.least_ns),
                     obligation->wait.most_ns);
}

static enum spent spent_of(const struct terms      *terms,
                           const struct course     *course,
                           const struct obligation *obligation,
                           enum payment payment, enum quota quota)
{
    if (obligation->kind == OBLIGATION_NONE ||
        obligation->kind == OBLIGATION_UNKNOWN)
        return SPENT_NOTHING;
    if (payment == PAYS && !terms->retries_open &&
        obligation->kind != OBLIGATION_COOL_OFF &&
        course->counted_least >= terms->retries)
        return SPENT_RETRIES;
    if (limits_spent(terms, course, obligation, true))
        return SPENT_LIMITS;
    return quota == QUOTA_SPENT ? SPENT_QUOTA : SPENT_NOTHING;
}

/* The profile has both budgets begin anew with a Retry-After's wait, or nobody
 * says that they go on. */
static void requeue(const struct terms *terms, struct course *course,
                    const struct obligation *obligation)
{
    const struct profile *profile = terms->profile;

    if (!may_be_asked(obligation->kind) ||
        PROFILE_IS(profile, budget_after_requeue,
                   BUDGET_AFTER_REQUEUE_CONTINUE))
        return;
    course->counted_least = 0;
    if (obligation->kind != OBLIGATION_RETRY_AFTER ||
        PROFILE_OPEN(profile, budget_after_requeue))
        return;
    course->counted_most = 0;
}

/* The retry is made: what it cost, and what it makes the batch's history. */
static void move_on(const struct terms *terms, struct course *course,
                    const struct obligation *obligation, enum payment payment)
{
    assert(course->counted_least <= course->counted_most);
    course->counted_least += payment == PAYS;
    course->counted_most += payment != PAYS_NOT;
    course->waits_least += obligation->kind == OBLIGATION_RETRY_AFTER;
    course->waits_most += may_be_asked(obligation->kind);
    if (payment != PAYS && terms->profile->retry_count_after_requeue ==
                               RETRY_COUNT_AFTER_REQUEUE_RESTART)
        course->counted_least = 0; /* requeued, all of its state may be anew */
    requeue(terms, course, obligation);
    if (obligation->kind != OBLIGATION_COOL_OFF)
        return;
    if (obligation->wait.least_ns == obligation->wait.most_ns)
        course->counted_most = 0; /* there was the pause, and nothing else */
    course->counted_least = 0;
}

static void count_attempt(struct course *course, const struct attempt *attempt)
{
    course->attempts++;
    if (!course->began)
        course->began_ns = attempt->arrived_ns;
    course->began = true;
}

static void note_failure(struct course *course, const struct outcome *outcome,
                         enum obligation_kind kind)
{
    if (outcome->from_ns == TIME_NEVER || kind == OBLIGATION_NONE)
        return;
    if (!course->failed)
        course->failed_ns = outcome->from_ns;
    course->failed = true;
    if (!course->limited && kind == OBLIGATION_RETRY_AFTER) {
        course->limited_ns = outcome->from_ns;
        course->limited = true;
    }
}

void obligation_miss(struct course *course, unsigned most)
{
    if (course->counted_most < COUNTED_ENOUGH)
        course->counted_most += most;
    if (course->missed < COUNTED_ENOUGH)
        course->missed += most;
    course->unseen = course->unseen || most > 0;
}

struct obligation obligation_next(const struct terms   *terms,
                                  struct course        *course,
                                  const struct attempt *attempt,
                                  const struct outcome *outcome,
                                  enum quota            quota)
{
    struct obligation obligation = {
        .retry_after = retry_after_read(attempt, terms->retry_after_cap_ns,
                                        terms->profile),
        .retry_first = course->counted_least + 1,
        .retry_last = course->counted_most + 1,
    };
    enum payment payment;

    count_attempt(course, attempt);
    obligation.kind = kind_of(terms, attempt, outcome, &obligation.retry_after);
    payment = payment_of(terms, &obligation, attempt->status);
    note_failure(course, outcome, obligation.kind);
    obligation.wait = due_wait(terms, &obligation, attempt->status);
    may_be_shortened(terms, course, outcome, &obligation);
    may_cool_off(terms, course, &obligation, payment);
    obligation.spent = spent_of(terms, course, &obligation, payment, quota);
    obligation.must_stop =
        obligation.kind == OBLIGATION_NONE || obligation.spent != SPENT_NOTHING;
    obligation.must_retry =
        !obligation.must_stop && quota == QUOTA_ENOUGH &&
        !limits_spent(terms, course, &obligation, false) &&
        must_retry(terms, course, &obligation, outcome, payment);
    move_on(terms, course, &obligation, payment);
    return obligation;
}

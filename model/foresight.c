/* SPDX-License-Identifier: Apache-2.0 */
#include "model/foresight.h"

#include "common/clock.h"
#include "common/text.h"

#include <assert.h>
#include <string.h>

enum {
    ATTEMPTS_MAX = 20000, /* of a batch; then it has no end */
    STATUS_FIRST_FINAL = 200,
};

#define OPEN_NS (INT64_C(315360000) * NS_PER_S) /* ten years: no bound */
/* Where no law says how long a wait is, and no config how long a request. */
#define OPEN_WAIT_NS (60 * NS_PER_S)

/* Two clients, both right: the one gives up as soon as the policy lets it, the
 * other goes on as long as the policy lets it. */
enum temper { TEMPER_BRIEF, TEMPER_PATIENT, TEMPERS };

enum budget { BUDGET_BACKOFF, BUDGET_LIMIT, BUDGETS };

struct terms_foreseen { /* the policy, with the plan's config laid over it */
    const struct profile *profile;
    struct backoff_law    law;
    bool                  law_open;
    unsigned              retries;
    bool                  retries_open;
    int64_t               cap_ns; /* of a Retry-After */
    int64_t               budget_ns[BUDGETS];
    int64_t               timeout_ns;
    int64_t               late_ns;
};

struct cursor { /* over a list of steps, as the server's own */
    const struct step_list *list;
    size_t                  at;
    unsigned                played; /* of that step */
};

struct walk { /* of one batch */
    enum temper temper;
    unsigned    attempts;
    unsigned    counted;
    unsigned    limited;
    unsigned    before; /* attempts of other batches */
    bool        delivered;
    bool        over; /* it has ended, */
    bool        by_time; /* ... since a budget of time ran out */
    /* Of each budget of time: what it has surely spent (patient), or may have
     * (brief). */
    int64_t spent_ns[BUDGETS];
    int64_t most_ns; /* all of it, at most */
};

/* ---- the terms ---- */

static int64_t config_ns(const struct plan *plan, enum config_key key,
                         bool is_open, double default_s)
{
    int64_t value_ms = plan->given.config[key];

    if (value_ms != CONFIG_UNSET)
        return value_ms * NS_PER_MS;
    return is_open ? OPEN_NS : (int64_t)(default_s * (double)NS_PER_S);
}

static struct terms_foreseen terms_of(const struct plan    *plan,
                                      const struct profile *profile)
{
    const int64_t        *config = plan->given.config;
    struct terms_foreseen terms = {
        .profile = profile,
        .law = profile_backoff(profile),
        .law_open = PROFILE_OPEN(profile, backoff_law),
        .retries = (unsigned)profile->max_retries_default,
        .retries_open = PROFILE_OPEN(profile, max_retries_default) &&
                        config[CONFIG_MAX_RETRIES] == CONFIG_UNSET,
        .cap_ns = config_ns(plan, CONFIG_MAX_RETRY_AFTER,
                            PROFILE_OPEN(profile, retry_after_cap_s),
                            profile->retry_after_cap_s),
        .budget_ns =
            {
                [BUDGET_BACKOFF] =
                    config_ns(plan, CONFIG_MAX_TOTAL_BACKOFF,
                              PROFILE_OPEN(profile, max_total_backoff_s),
                              profile->max_total_backoff_s),
                [BUDGET_LIMIT] =
                    config_ns(plan, CONFIG_MAX_RATE_LIMIT,
                              PROFILE_OPEN(profile, max_rate_limit_s),
                              profile->max_rate_limit_s),
            },
        .timeout_ns = OPEN_WAIT_NS,
        .late_ns = (int64_t)(profile->lateness_ms * (double)NS_PER_MS),
    };

    if (config[CONFIG_MAX_RETRIES] != CONFIG_UNSET)
        terms.retries = (unsigned)config[CONFIG_MAX_RETRIES];
    if (profile->max_retries_means == MAX_RETRIES_MEANS_ATTEMPTS &&
        terms.retries > 0)
        terms.retries--;
    if (config[CONFIG_TIMEOUT] != CONFIG_UNSET)
        terms.timeout_ns = config[CONFIG_TIMEOUT] * NS_PER_MS;
    if (config[CONFIG_BACKOFF_BASE] != CONFIG_UNSET)
        terms.law.base_s = (double)config[CONFIG_BACKOFF_BASE] / 1000;
    if (config[CONFIG_MAX_BACKOFF] != CONFIG_UNSET)
        terms.law.cap_s = (double)config[CONFIG_MAX_BACKOFF] / 1000;
    return terms;
}

/* Between the shortest and the longest right wait before the n-th counted
 * retry: half the law to twice the law, but for the cap, or what its own jitter
 * allows. */
static struct backoff_span backoff(const struct terms_foreseen *terms,
                                   unsigned                     n)
{
    struct backoff_span span;
    int64_t             law_ns;
    int64_t             cap_ns = (int64_t)(terms->law.cap_s * (double)NS_PER_S);

    if (terms->law_open)
        return (struct backoff_span){0, OPEN_WAIT_NS};
    span = backoff_law_span(&terms->law, n);
    law_ns = backoff_law_ns(&terms->law, n);
    return (struct backoff_span){
        clock_earlier_ns(span.least_ns, law_ns / 2),
        clock_later_ns(span.most_ns, clock_earlier_ns(2 * law_ns, cap_ns))};
}

/* ---- what can be foreseen at all ---- */

static bool has_header(const struct answer *answer, const char *name)
{
    return header_count(&answer->headers, name) > 0;
}

/* What an answer says beside its status and its Retry-After is not looked
 * into. */
static bool is_plain(const struct answer *answer)
{
    return answer->elsewhere == ELSEWHERE_NOT &&
           answer->status >= STATUS_FIRST_FINAL &&
           !has_header(answer, "Location");
}

/* What comes piece by piece may outlast a request's time. */
static bool can_tell_step(const struct step *step)
{
    if (step->kind == STEP_ANSWER)
        return is_plain(&step->answer);
    return step->kind == STEP_FAULT && fault_sees(step->fault) != SEES_EITHER &&
           !fault_kills_idle(step->fault) &&
           !fault_takes(step->fault, PARAM_EVERY) &&
           (fault_sees(step->fault) != SEES_ANSWER || is_plain(&step->answer));
}

static bool can_tell_list(const struct step_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (!can_tell_step(&list->items[i]))
            return false;
    return true;
}

/* An event or a batch that the limits of bytes may cut. */
static bool may_be_too_large(const struct plan    *plan,
                             const struct profile *profile)
{
    double sum = 0;

    for (unsigned i = 1; i <= plan->given.events; i++) {
        double bytes = plan_event_bytes(plan, i) + 1000.0;

        if (!PROFILE_OPEN(profile, event_bytes_max) &&
            bytes > profile->event_bytes_max)
            return true;
        sum += bytes;
    }
    if (plan->given.config[CONFIG_MAX_BATCH_BYTES] != CONFIG_UNSET)
        return true;
    return !PROFILE_OPEN(profile, batch_bytes_max) &&
           sum > profile->batch_bytes_max;
}

static bool can_tell(const struct plan *plan)
{
    const struct route_plan *ingest = &plan->routes[ROUTE_INGEST];
    bool ok = plan->given.wrong_count == 0 && plan->on_connection_count == 0 &&
              !plan_has_oauth(plan) &&
              plan->given.config[CONFIG_MAX_QUEUE_SIZE] == CONFIG_UNSET &&
              can_tell_list(&ingest->steps) &&
              can_tell_list(&ingest->each_batch);

    for (size_t i = 0; ok && i < ingest->with_event_count; i++)
        ok = can_tell_list(&ingest->with_event[i].steps);
    return ok;
}

/* ---- one attempt after the other ---- */

/* NULL: the list is played, and what follows is a 200. */
static const struct step *next_step(struct cursor *cursor)
{
    const struct step *step;

    while (cursor->at < cursor->list->count) {
        step = &cursor->list->items[cursor->at];
        if (step->times == 0 || cursor->played < step->times) {
            cursor->played++;
            return step;
        }
        cursor->at++;
        cursor->played = 0;
    }
    return NULL;
}

enum asked { ASKED_NOTHING, ASKED_WAIT, ASKED_PERHAPS, ASKED_TO_END };

/* What its Retry-After asks for: *wait_ns, or something that right clients
 * take for one or not. */
static enum asked asked_for(const struct terms_foreseen *terms,
                            const struct answer *answer, int64_t *wait_ns)
{
    const struct profile_texts *ms = &terms->profile->retry_after_ms_headers;
    const struct retry_after   *only = answer->retry_after;
    int64_t                     seconds;

    *wait_ns = 0;
    for (unsigned i = 0; i < ms->count; i++)
        if (has_header(answer, ms->at[i]))
            return ASKED_PERHAPS;
    if (answer->retry_after_count == 0 ||
        !profile_honours_retry_after(terms->profile, answer->status, false))
        return ASKED_NOTHING;
    if (only->is_date)
        *wait_ns = clock_earlier_ns(
            terms->cap_ns, clock_later_ns(only->offset_s, 0) * NS_PER_S);
    if (answer->retry_after_count > 1 || only->is_date ||
        !text_to_int(only->text, 1, 1000000000, &seconds))
        return ASKED_PERHAPS;
    if (seconds * NS_PER_S <= terms->cap_ns) {
        *wait_ns = seconds * NS_PER_S;
        return ASKED_WAIT;
    }
    *wait_ns = terms->cap_ns;
    if (terms->profile->retry_after_over_cap == RETRY_AFTER_OVER_CAP_CLAMP)
        return ASKED_WAIT;
    return terms->profile->retry_after_over_cap == RETRY_AFTER_OVER_CAP_IGNORE
               ? ASKED_NOTHING
               : ASKED_TO_END;
}

/* Whether such a client lets this pass for a reason to go on. */
static bool takes(const struct walk *walk, bool is_certain)
{
    return is_certain || walk->temper == TEMPER_PATIENT;
}

/* A wait for more than is left of its budget may be as long as that. */
static bool may_shorten(const struct terms_foreseen *terms)
{
    return !PROFILE_IS(terms->profile, retry_after_over_budget,
                       RETRY_AFTER_OVER_BUDGET_GIVE_UP);
}

/* A brief one counts every wait for both budgets, and at its longest. */
static void wait(struct walk *walk, const struct terms_foreseen *terms,
                 enum budget budget, const struct backoff_span *span)
{
    bool          patient = walk->temper == TEMPER_PATIENT;
    const int64_t before_ns[BUDGETS] = {walk->spent_ns[BUDGET_BACKOFF],
                                        walk->spent_ns[BUDGET_LIMIT]};

    walk->most_ns += span->most_ns + terms->late_ns;
    for (int i = 0; i < BUDGETS; i++) {
        if (!patient)
            walk->spent_ns[i] += span->most_ns + terms->late_ns;
        else if (i == (int)budget)
            walk->spent_ns[i] += span->least_ns;
        if (walk->spent_ns[i] <= terms->budget_ns[i])
            continue;
        walk->by_time = true;
        if (patient && i == BUDGET_LIMIT && may_shorten(terms) &&
            before_ns[i] < terms->budget_ns[i])
            walk->spent_ns[i] = terms->budget_ns[i];
        else
            walk->over = true;
    }
}

/* The bounds that a profile may have beside maxRetries: on being rate-limited,
 * and on all retries of a client together. */
static bool at_bound(const struct walk           *walk,
                     const struct terms_foreseen *terms)
{
    const struct profile *profile = terms->profile;
    double cost = profile->retry_quota_cost > profile->retry_quota_cost_timeout
                      ? profile->retry_quota_cost
                      : profile->retry_quota_cost_timeout;

    if (walk->temper == TEMPER_BRIEF && !PROFILE_OPEN(profile, retry_quota) &&
        (walk->before + walk->attempts) * cost > profile->retry_quota)
        return true;
    if (PROFILE_OPEN(profile, max_rate_limited_tries))
        return false;
    return profile->max_rate_limited_means == MAX_RATE_LIMITED_MEANS_ATTEMPTS
               ? walk->attempts >=
                     profile->max_rate_limited_tries + terms->retries
               : walk->limited > profile->max_rate_limited_tries;
}

/* After such a wait the counts may begin anew. */
static void requeue(struct walk *walk, const struct terms_foreseen *terms)
{
    const struct profile *profile = terms->profile;

    if (takes(walk, PROFILE_IS(profile, budget_after_requeue,
                               BUDGET_AFTER_REQUEUE_RESTART)) &&
        !PROFILE_IS(profile, budget_after_requeue,
                    BUDGET_AFTER_REQUEUE_CONTINUE)) {
        walk->counted = 0;
        walk->spent_ns[BUDGET_BACKOFF] = 0;
    }
}

/* A wait that was asked for, free of charge. */
static void limited(struct walk *walk, const struct terms_foreseen *terms,
                    int64_t wait_ns)
{
    struct backoff_span span = backoff(terms, walk->counted + 1);

    walk->limited++;
    span.least_ns = wait_ns;
    span.most_ns += wait_ns;
    if (at_bound(walk, terms) ||
        !takes(walk,
               terms->retries > 0 &&
                   (walk->limited <= RATE_LIMITED_CERTAIN ||
                    !PROFILE_OPEN(terms->profile, max_rate_limited_tries)))) {
        walk->over = true;
        return;
    }
    wait(walk, terms, BUDGET_LIMIT, &span);
    requeue(walk, terms);
}

/* A counted retry. */
static void backed_off(struct walk *walk, const struct terms_foreseen *terms,
                       int64_t asked_ns)
{
    struct backoff_span span = backoff(terms, walk->counted + 1);

    span.most_ns += asked_ns;
    if (terms->retries_open ? walk->temper == TEMPER_BRIEF
                            : walk->counted >= terms->retries) {
        walk->over = PROFILE_OPEN(terms->profile, cool_off_s);
        if (walk->over)
            return;
        span.least_ns =
            (int64_t)(terms->profile->cool_off_s * (double)NS_PER_S);
        span.most_ns += span.least_ns;
        walk->counted = 0;
    } else {
        walk->counted++;
    }
    wait(walk, terms, BUDGET_BACKOFF, &span);
    if (asked_ns > 0)
        requeue(walk, terms);
}

/* A failure that is retried; certain: by every right client. */
static void retry(struct walk *walk, const struct terms_foreseen *terms,
                  const struct answer *answer, bool certain)
{
    int64_t    wait_ns = 0;
    enum asked asked =
        answer == NULL ? ASKED_NOTHING : asked_for(terms, answer, &wait_ns);
    enum profile_rate_limited_tries tries = terms->profile->rate_limited_tries;
    bool free_open = PROFILE_OPEN(terms->profile, rate_limited_tries);
    bool blocks = answer != NULL && answer->status == 429 &&
                  terms->profile->bare_429 == BARE_429_BLOCK;

    /* Over the cap or not, nobody can say. */
    if (asked == ASKED_PERHAPS &&
        terms->profile->retry_after_over_cap == RETRY_AFTER_OVER_CAP_GIVE_UP)
        certain = false;
    if (!takes(walk, certain) || asked == ASKED_TO_END ||
        at_bound(walk, terms)) {
        walk->over = true;
        return;
    }
    if (asked == ASKED_NOTHING && blocks && answer->retry_after_count == 0) {
        asked = ASKED_PERHAPS;
        wait_ns =
            (int64_t)(terms->profile->bare_429_block_s * (double)NS_PER_S);
    }
    if (asked == ASKED_WAIT && !free_open && tries == RATE_LIMITED_TRIES_FREE)
        limited(walk, terms, wait_ns);
    else if (walk->temper == TEMPER_PATIENT &&
             (asked == ASKED_PERHAPS || (asked == ASKED_WAIT && free_open)))
        limited(walk, terms, wait_ns);
    else
        backed_off(walk, terms, asked == ASKED_NOTHING ? 0 : wait_ns);
}

/* step: NULL = a 200. */
static void attempt(struct walk *walk, const struct terms_foreseen *terms,
                    const struct step *step)
{
    const struct answer *answer = step != NULL ? &step->answer : NULL;
    int                  status = step != NULL ? answer->status : 200;
    enum status_class    class;

    walk->attempts++;
    if (step != NULL)
        walk->most_ns += step->delay_ns;
    if (step != NULL && step->kind == STEP_FAULT &&
        fault_sees(step->fault) != SEES_ANSWER) {
        status = 0;
        answer = NULL;
        if (fault_sees(step->fault) == SEES_SILENCE)
            walk->most_ns += terms->timeout_ns;
    }
    class = profile_status(terms->profile, status, false);
    if (class != STATUS_DELIVERED && answer != NULL &&
        !PROFILE_OPEN(terms->profile, override_header) &&
        has_header(answer, terms->profile->override_header))
        class = STATUS_EITHER; /* what it says is not looked into */
    switch (class) {
    case STATUS_DELIVERED:
        walk->delivered = walk->over = true;
        break;
    case STATUS_DROPPED:
        walk->over = true;
        break;
    case STATUS_RETRIED:
    case STATUS_EITHER:
        retry(walk, terms, answer, class == STATUS_RETRIED);
        break;
    }
}

static struct walk walk_batch(const struct terms_foreseen *terms,
                              struct cursor *cursor, enum temper temper,
                              unsigned before)
{
    struct walk walk = {.temper = temper, .before = before};

    while (!walk.over && walk.attempts < ATTEMPTS_MAX)
        attempt(&walk, terms, next_step(cursor));
    return walk;
}

/* ---- all batches ---- */

struct sum { /* over the batches */
    unsigned attempts;
    unsigned delivered; /* events */
    bool     by_time;
    bool     endless;
    int64_t  most_ns;
};

/* The steps that are this batch's own; NULL = it takes from those of all. */
static const struct step_list *own_steps(const struct plan *plan,
                                         unsigned first, unsigned events)
{
    const struct route_plan *ingest = &plan->routes[ROUTE_INGEST];

    for (size_t i = 0; i < ingest->with_event_count; i++)
        if (ingest->with_event[i].event >= first &&
            ingest->with_event[i].event < first + events)
            return &ingest->with_event[i].steps;
    return ingest->each_batch.count > 0 ? &ingest->each_batch : NULL;
}

static void add_batch(const struct plan           *plan,
                      const struct terms_foreseen *terms, enum temper temper,
                      struct cursor *shared, unsigned first, unsigned events,
                      struct sum *sum)
{
    struct cursor own = {.list = own_steps(plan, first, events)};
    struct walk   walk = walk_batch(terms, own.list != NULL ? &own : shared,
                                    temper, sum->attempts);

    sum->attempts += walk.attempts;
    sum->delivered += walk.delivered ? events : 0;
    sum->by_time = sum->by_time || walk.by_time;
    sum->endless = sum->endless || !walk.over;
    sum->most_ns += walk.most_ns;
}

static struct sum sum_up(const struct plan           *plan,
                         const struct terms_foreseen *terms, enum temper temper)
{
    struct cursor shared = {.list = &plan->routes[ROUTE_INGEST].steps};
    struct sum    sum = {0};
    unsigned      first = 1;

    for (size_t i = 0; i < plan->given.sequence_count; i++) {
        const struct sequence *sequence = &plan->given.sequences[i];
        int64_t                flush_at = plan->given.config[CONFIG_FLUSH_AT];
        unsigned               left = sequence->events;

        sum.most_ns += sequence->delay_ns;
        while (left > 0 && !sum.endless) {
            unsigned size =
                flush_at > 0 && flush_at < left ? (unsigned)flush_at : left;

            add_batch(plan, terms, temper, &shared, first, size, &sum);
            first += size;
            left -= size;
        }
    }
    return sum;
}

static bool reports_failure(const struct plan *plan)
{
    for (size_t i = 0; i < plan->need_count; i++)
        if (strcmp(plan->needs[i], "reports-failure") == 0)
            return true;
    return false;
}

static struct expect_range range(unsigned left, unsigned right)
{
    return left < right ? (struct expect_range){true, left, right}
                        : (struct expect_range){true, right, left};
}

static bool takes_from_all(const struct plan *plan)
{
    const struct route_plan *ingest = &plan->routes[ROUTE_INGEST];

    return ingest->each_batch.count == 0 && plan_batches(plan) > 1 &&
           ingest->steps.count > 0;
}

static struct expect expected(const struct plan *plan, const struct sum *brief,
                              const struct sum *patient)
{
    struct expect expect = {0};
    unsigned      events = plan->given.events;
    bool          same = brief->attempts == patient->attempts &&
                brief->delivered == patient->delivered && !brief->by_time &&
                !patient->by_time;

    /* Whose step is whose depends on when each gives up. */
    if (brief->endless || patient->endless || (takes_from_all(plan) && !same))
        return expect;
    if (!brief->by_time && !patient->by_time)
        expect.attempts = range(brief->attempts, patient->attempts);
    expect.delivered = range(brief->delivered, patient->delivered);
    if (expect.delivered.min == events)
        expect.success = EXPECT_YES;
    else if (expect.delivered.max < events && reports_failure(plan))
        expect.success = EXPECT_NO;
    return expect;
}

struct foresight foresee(const struct plan *plan, const struct profile *profile)
{
    struct terms_foreseen terms = terms_of(plan, profile);
    struct sum            sums[TEMPERS];

    assert(plan->given.events > 0);
    if (!can_tell(plan))
        return (struct foresight){0};
    if (may_be_too_large(plan, profile))
        return (struct foresight){.told = true};
    for (int i = 0; i < TEMPERS; i++)
        sums[i] = sum_up(plan, &terms, (enum temper)i);
    return (struct foresight){
        .told = true,
        .expect = expected(plan, &sums[TEMPER_BRIEF], &sums[TEMPER_PATIENT]),
        .endless = sums[TEMPER_PATIENT].endless,
        .most_ns =
            clock_earlier_ns(sums[TEMPER_PATIENT].most_ns, PLAN_WAIT_MAX_NS),
    };
}

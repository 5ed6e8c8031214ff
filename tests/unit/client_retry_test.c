/* SPDX-License-Identifier: Apache-2.0 */
/* The policy on a clock of our own: thousands of random histories, each held
 * to what the rules promise of every history, and the few exact cases. */

#include "client/policy.h"
#include "client/quota.h"
#include "client/retry.h"
#include "common/clock.h"
#include "common/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { HISTORIES = 5000, ATTEMPTS_MAX = 400, SEED = 20261123 };

static struct outcome answered(int status, int64_t retry_after_s, int64_t at)
{
    return (struct outcome){
        .status = status,
        .retry_after_ns = retry_after_s * NS_PER_S,
        .ended_ns = at,
    };
}

static struct outcome broken(enum trouble trouble, int64_t at)
{
    return (struct outcome){.trouble = trouble, .ended_ns = at};
}

/* One history: a policy, and where the clock and the counts stand. */
struct history {
    struct retry_policy policy;
    struct retry        retry;
    struct rng          rng;
    int64_t             now_ns;
    unsigned            attempts; /* that have ended */
    unsigned            counted;  /* retries that we think were paid for */
    int64_t             failed_ns;
    int64_t             limited_ns;
};

static void history_begin(struct history *history, uint64_t seed)
{
    struct retry_policy *policy = &history->policy;
    struct rng          *rng = &history->rng;

    *history = (struct history){.failed_ns = -1, .limited_ns = -1};
    rng_seed(rng, seed);
    retry_policy_init(policy);
    retry_init(&history->retry);
    policy->max_retries = (int64_t)rng_below(rng, 20);
    if (rng_below(rng, 2) == 0)
        policy->max_retry_after_ns = (int64_t)rng_below(rng, 400) * NS_PER_S;
    if (rng_below(rng, 3) == 0)
        policy->max_total_backoff_ns = (int64_t)rng_below(rng, 300) * NS_PER_S;
    if (rng_below(rng, 3) == 0)
        policy->max_rate_limit_ns = (int64_t)rng_below(rng, 900) * NS_PER_S;
    history->now_ns = (int64_t)rng_below(rng, 1u << 30) * 1000;
}

/* Any that a server or a network can cause; the shutdown is our own doing. */
static enum trouble random_trouble(struct rng *rng)
{
    uint64_t one = 1 + rng_below(rng, (uint64_t)TROUBLE_OTHER);

    return one == (uint64_t)TROUBLE_STOPPED ? TROUBLE_OTHER : (enum trouble)one;
}

static struct outcome random_outcome(struct history *history)
{
    static const int statuses[] = {408, 410, 429, 429, 429, 429, 460,
                                   500, 502, 503, 504, 520, 599};
    struct rng      *rng = &history->rng;
    int64_t wait_s = (int64_t)rng_below(rng, 5) * (int64_t)rng_below(rng, 200);

    if (rng_below(rng, 6) == 0)
        return broken(random_trouble(rng), history->now_ns);
    return answered(
        statuses[rng_below(rng, sizeof statuses / sizeof statuses[0])], wait_s,
        history->now_ns);
}

static int64_t asked_ns(const struct history *history,
                        const struct outcome *outcome)
{
    int64_t cap_ns = history->policy.max_retry_after_ns;

    if (outcome->trouble != TROUBLE_NONE || outcome->status != 429)
        return 0;
    return outcome->retry_after_ns < cap_ns ? outcome->retry_after_ns : cap_ns;
}

/* The law, written a second time and in another way. */
static double law_s(unsigned n)
{
    double law = 0.5;

    for (unsigned i = 1; i < n && law < 1000; i++)
        law *= 2;
    return law;
}

static void check_counted_wait(struct history *history, int64_t wait_ns)
{
    double law = law_s(++history->counted);
    double wait_s = (double)wait_ns / (double)NS_PER_S;

    assert_true(wait_s <= 60.0);
    assert_true(wait_s >= (law * 0.9 < 60 ? law * 0.9 - 1e-6 : 60 - 1e-6));
    assert_true(wait_s <= law * 1.1 + 1e-6);
    assert_true(history->counted <= history->policy.max_retries);
}

static void check_drop(const struct history *history, enum drop why)
{
    const struct retry_policy *policy = &history->policy;

    switch (why) {
    case DROP_RETRIES_SPENT:
        assert_int_equal(history->counted, policy->max_retries);
        break;
    case DROP_BACKOFF_SPENT:
        assert_true(history->failed_ns >= 0);
        break;
    case DROP_RATE_LIMIT_SPENT:
        assert_true(history->limited_ns >= 0);
        break;
    default:
        fail_msg("dropped for %s", drop_text(why));
    }
}

/* One attempt; false when the history is over. */
static bool history_step(struct history *history)
{
    const struct retry_policy *policy = &history->policy;
    struct outcome             outcome = random_outcome(history);
    int64_t                    free_ns = asked_ns(history, &outcome);
    struct move                move;

    history->attempts++;
    if (free_ns > 0 && history->limited_ns < 0)
        history->limited_ns = history->now_ns;
    if (free_ns == 0 && history->failed_ns < 0)
        history->failed_ns = history->now_ns;
    move =
        retry_next(policy, &history->retry, &outcome, rng_unit(&history->rng));
    if (move.kind == MOVE_DROP) {
        check_drop(history, move.drop);
        return false;
    }
    assert_int_equal(move.kind, MOVE_WAIT);
    assert_int_equal(move.blocks_all, free_ns > 0);
    assert_int_equal(history->retry.retries, history->attempts);
    if (free_ns > 0)
        assert_int_equal(move.until_ns - outcome.ended_ns, free_ns);
    else
        check_counted_wait(history, move.until_ns - outcome.ended_ns);
    assert_int_equal(history->retry.counted, history->counted);
    if (history->failed_ns >= 0)
        assert_true(move.until_ns - history->failed_ns <=
                    policy->max_total_backoff_ns);
    if (history->limited_ns >= 0)
        assert_true(move.until_ns - history->limited_ns <=
                    policy->max_rate_limit_ns);
    history->now_ns = move.until_ns + (int64_t)rng_below(&history->rng, 5000);
    return true;
}

static void test_random_histories(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < HISTORIES; i++) {
        struct history history;

        history_begin(&history, SEED + i);
        while (history.attempts < ATTEMPTS_MAX && history_step(&history))
            continue;
    }
}

/* A server at its worst: any outcome that can be retried, always in the way
 * that this seed chose, and a gate that holds the batch up. */
enum { ENDS = 400, END_MAX = 101100 }; /* the safety bound, and maxRetries */

static bool worst_step(struct history *history, int64_t clock_moves)
{
    struct outcome outcome = random_outcome(history);
    enum drop      why;
    struct move    move;

    history->attempts++;
    if (asked_ns(history, &outcome) > 0 && history->limited_ns < 0)
        history->limited_ns = history->now_ns;
    if (asked_ns(history, &outcome) == 0 && history->failed_ns < 0)
        history->failed_ns = history->now_ns;
    move = retry_next(&history->policy, &history->retry, &outcome,
                      rng_unit(&history->rng));
    if (move.kind == MOVE_DROP)
        return false;
    history->now_ns +=
        clock_moves * (move.until_ns - history->now_ns +
                       (int64_t)rng_below(&history->rng, 400) * NS_PER_S);
    return retry_in_time(&history->policy, &history->retry, history->now_ns,
                         &why);
}

/* Whatever a server does, however long the gate is closed by other batches,
 * and even if the clock stands still: a batch ends, and no attempt of it
 * starts when a budget is over. */
static void test_every_history_ends(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < ENDS; i++) {
        struct history history;

        history_begin(&history, SEED + i);
        while (worst_step(&history, i % 20 != 0)) {
            assert_true(history.attempts < END_MAX);
            if (history.failed_ns >= 0)
                assert_true(history.now_ns - history.failed_ns <=
                            history.policy.max_total_backoff_ns);
            if (history.limited_ns >= 0)
                assert_true(history.now_ns - history.limited_ns <=
                            history.policy.max_rate_limit_ns);
        }
    }
}

/* Success and refusal end a batch wherever it stands, and change nothing of
 * what was counted. */
static void test_last_word(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < HISTORIES; i++) {
        struct history history;
        struct outcome outcome;
        struct retry   before;
        bool           delivered = i % 2 == 0;
        unsigned       steps = 0;

        history_begin(&history, SEED + i);
        while (steps++ < i % 13 && history_step(&history))
            continue;
        before = history.retry;
        outcome =
            answered(delivered ? 200 + (int)(i % 200) : 400 + (int)(i % 8),
                     (int64_t)(i % 3), history.now_ns);
        assert_int_equal(
            retry_next(&history.policy, &history.retry, &outcome, 0.5).kind,
            delivered ? MOVE_DELIVERED : MOVE_DROP);
        assert_memory_equal(&before, &history.retry, sizeof before);
    }
}

static void test_classes(void **state)
{
    (void)state;
    for (int status = 100; status <= 999; status++) {
        struct outcome      outcome = answered(status, 0, 1);
        struct retry_policy policy;
        struct retry        retry;
        enum move_kind      expected = MOVE_DROP;

        if (status >= 200 && status < 400)
            expected = MOVE_DELIVERED;
        if (status == 408 || status == 410 || status == 429 || status == 460 ||
            (status >= 500 && status < 600 && status != 501 && status != 505 &&
             status != 511))
            expected = MOVE_WAIT;
        retry_policy_init(&policy);
        retry_init(&retry);
        assert_int_equal(retry_next(&policy, &retry, &outcome, 0.5).kind,
                         expected);
    }
}

/* Retry-After on any other status changes nothing. */
static void test_only_429_is_asked(void **state)
{
    static const int statuses[] = {408, 410, 460, 500, 502, 503, 504, 599};

    (void)state;
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        struct outcome      outcome = answered(statuses[i], 7, 0);
        struct retry_policy policy;
        struct retry        retry;
        struct move         move;

        retry_policy_init(&policy);
        retry_init(&retry);
        move = retry_next(&policy, &retry, &outcome, 0.5);
        assert_false(move.blocks_all);
        assert_int_equal(move.until_ns, NS_PER_S / 2);
    }
}

/* Fields in ms may count where Retry-After does not, and go before it. */
static void test_fields_in_ms(void **state)
{
    struct outcome      outcome = answered(503, 7, 0);
    struct retry_policy policy;
    struct retry        retry;
    struct err          err;

    (void)state;
    retry_policy_init(&policy);
    assert_true(policy_read(&policy,
                            "{\"retried\":[\"429\",\"503\"],"
                            "\"retry_after_statuses\":[\"429\"],"
                            "\"retry_after_ms_statuses\":[\"503\"],"
                            "\"retry_after_cap_s\":20,"
                            "\"retry_after_over_cap\":\"give-up\"}",
                            &err));
    retry_init(&retry);
    outcome.ms_ns = 2500 * NS_PER_MS;
    assert_int_equal(retry_next(&policy, &retry, &outcome, 0).until_ns,
                     2500 * NS_PER_MS);
    outcome.status = 429;
    assert_int_equal(retry_next(&policy, &retry, &outcome, 0).until_ns,
                     7 * NS_PER_S);
    outcome.status = 503;
    outcome.ms_ns = 20001 * NS_PER_MS;
    assert_int_equal(retry_next(&policy, &retry, &outcome, 0).kind, MOVE_DROP);
}

/* It decides before the status, but not over a success. */
static void test_override(void **state)
{
    static const struct {
        int            status;
        enum override  said;
        enum move_kind kind;
    } cases[] = {
        {400, OVERRIDE_RETRY, MOVE_WAIT},
        {503, OVERRIDE_END, MOVE_DROP},
        {503, OVERRIDE_RETRY, MOVE_WAIT},
        {400, OVERRIDE_NONE, MOVE_DROP},
        {200, OVERRIDE_RETRY, MOVE_DELIVERED},
        {200, OVERRIDE_END, MOVE_DELIVERED},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct outcome      outcome = answered(cases[i].status, 0, 0);
        struct retry_policy policy;
        struct retry        retry;

        outcome.override = cases[i].said;
        retry_policy_init(&policy);
        retry_init(&retry);
        assert_int_equal(retry_next(&policy, &retry, &outcome, 0.5).kind,
                         cases[i].kind);
    }
}

/* A policy with these values, and its batch's first answers: each waits. */
static struct move after_answers(const char *profile, struct outcome outcome,
                                 unsigned answers, struct retry *retry)
{
    struct retry_policy policy;
    struct err          err;
    struct move         move = {.kind = MOVE_WAIT, .until_ns = 0};

    retry_policy_init(&policy);
    if (!policy_read(&policy, profile, &err))
        fail_msg("%s", err.text);
    retry_init(retry);
    for (unsigned i = 0; i < answers && move.kind == MOVE_WAIT; i++) {
        outcome.began_ns = move.until_ns;
        outcome.ended_ns = move.until_ns + NS_PER_S;
        move = retry_next(&policy, retry, &outcome, 0.5);
    }
    return move;
}

#define ASKS                                                                   \
    "\"retried\":[\"429\",\"503\"],\"retry_after_statuses\":[\"429\"],"        \
    "\"max_retries_default\":3,"

static void test_bounds(void **state)
{
    struct retry retry;
    struct move  move;

    (void)state;
    move = after_answers("{" ASKS "\"max_rate_limited_tries\":2}",
                         answered(429, 5, 0), 2, &retry);
    assert_int_equal(move.kind, MOVE_WAIT);
    move = after_answers("{" ASKS "\"max_rate_limited_tries\":2}",
                         answered(429, 5, 0), 3, &retry);
    assert_int_equal(move.drop, DROP_RATE_LIMITS);
    move = after_answers("{" ASKS "\"max_rate_limited_tries\":2,"
                         "\"max_rate_limited_means\":\"attempts\"}",
                         answered(429, 5, 0), 9, &retry);
    assert_int_equal(move.drop, DROP_RATE_LIMITS);
    assert_int_equal(retry.retries, 4);
    after_answers("{" ASKS "\"budget_after_requeue\":\"restart\","
                  "\"rate_limited_tries\":\"counted\"}",
                  answered(429, 5, 0), 9, &retry);
    assert_int_equal(retry.counted, 0);
    assert_int_equal(retry.retries, 9);
    move = after_answers("{" ASKS "\"cool_off_s\":30}", answered(503, 0, 0), 4,
                         &retry);
    assert_int_equal(move.kind, MOVE_WAIT);
    assert_true(move.until_ns > 30 * NS_PER_S);
    assert_int_equal(retry.counted, 0);
    move = after_answers("{" ASKS "\"max_total_backoff_s\":1.4,"
                         "\"max_total_backoff_from\":\"attempt\"}",
                         answered(503, 0, 0), 1, &retry);
    assert_int_equal(move.drop, DROP_BACKOFF_SPENT);
    move = after_answers("{" ASKS "\"max_total_backoff_s\":1.4}",
                         answered(503, 0, 0), 1, &retry);
    assert_int_equal(move.kind, MOVE_WAIT);
    move = after_answers("{" ASKS "\"max_rate_limit_s\":7,"
                         "\"retry_after_over_budget\":\"shorten\"}",
                         answered(429, 5, 0), 2, &retry);
    assert_int_equal(move.until_ns, 8 * NS_PER_S);
    move = after_answers("{" ASKS "\"max_rate_limit_s\":7}",
                         answered(429, 5, 0), 2, &retry);
    assert_int_equal(move.drop, DROP_RATE_LIMIT_SPENT);
}

/* All batches of a client take from the same tokens. */
static void test_quota(void **state)
{
    struct retry_policy policy;
    struct retry        retry;
    struct quota        quota;
    struct outcome      outcome = answered(503, 0, 0);
    struct move         move = move_wait(1);
    struct move         delivered = {.kind = MOVE_DELIVERED};

    (void)state;
    retry_policy_init(&policy);
    retry_init(&retry);
    policy.quota = 20;
    policy.quota_cost = 5;
    policy.quota_cost_timeout = 12;
    quota_init(&quota, &policy);
    outcome.trouble = TROUBLE_TIMEOUT;
    quota_settle(&quota, &policy, &outcome, &retry, &move);
    assert_int_equal((int)quota.left, 8);
    quota_settle(&quota, &policy, &outcome, &retry, &move);
    assert_int_equal(move.drop, DROP_QUOTA);
    assert_int_equal((int)quota.left, 8);
    quota_settle(&quota, &policy, &outcome, &retry, &delivered);
    assert_int_equal((int)quota.left, 20);
    retry_init(&retry);
    outcome.trouble = TROUBLE_NONE;
    move = move_wait(1);
    quota_settle(&quota, &policy, &outcome, &retry, &move);
    assert_int_equal((int)quota.left, 15);
    retry_init(&retry);
    quota_settle(&quota, &policy, &outcome, &retry, &delivered);
    assert_int_equal((int)quota.left, 16);
    quota_clear(&quota);
}

static unsigned attempts_until_drop(const struct retry_policy *policy,
                                    struct outcome outcome, enum drop *why)
{
    struct retry retry;
    struct move  move;
    unsigned     attempts = 0;

    retry_init(&retry);
    do {
        move = retry_next(policy, &retry, &outcome, 0.5);
        outcome.ended_ns = move.until_ns;
        attempts++;
    } while (move.kind == MOVE_WAIT);
    *why = move.drop;
    return attempts;
}

static void test_budget_is_exact(void **state)
{
    struct retry_policy policy;
    enum drop           why;

    (void)state;
    retry_policy_init(&policy);
    for (int64_t n = 0; n <= 20; n++) {
        policy.max_retries = n;
        assert_int_equal(
            attempts_until_drop(&policy, answered(503, 0, 0), &why), n + 1);
        assert_int_equal(why, DROP_RETRIES_SPENT);
        assert_int_equal(
            attempts_until_drop(&policy, broken(TROUBLE_RESET, 0), &why),
            n + 1);
        assert_int_equal(
            attempts_until_drop(&policy, answered(429, 0, 0), &why), n + 1);
    }
}

static void test_durations_of_zero(void **state)
{
    struct retry_policy policy;
    enum drop           why;

    (void)state;
    retry_policy_init(&policy);
    policy.max_total_backoff_ns = 0;
    assert_int_equal(attempts_until_drop(&policy, answered(503, 0, 0), &why),
                     1);
    assert_int_equal(why, DROP_BACKOFF_SPENT);
    retry_policy_init(&policy);
    policy.max_rate_limit_ns = 0;
    assert_int_equal(attempts_until_drop(&policy, answered(429, 1, 0), &why),
                     1);
    assert_int_equal(why, DROP_RATE_LIMIT_SPENT);
}

/* Twelve hours of one-second waits end by the duration; and with a clock that
 * stands still they end all the same. */
static void test_endless_rate_limit(void **state)
{
    struct retry_policy policy;
    struct retry        retry;
    struct outcome      outcome = answered(429, 1, 0);
    struct move         move;
    enum drop           why;
    unsigned            attempts = 0;

    (void)state;
    retry_policy_init(&policy);
    policy.max_retries = 0; /* they are free */
    assert_int_equal(attempts_until_drop(&policy, outcome, &why), 43201);
    assert_int_equal(why, DROP_RATE_LIMIT_SPENT);
    retry_init(&retry);
    do {
        move = retry_next(&policy, &retry, &outcome, 0.5);
        attempts++;
        assert_true(attempts < 1000000);
    } while (move.kind == MOVE_WAIT);
    assert_int_equal(move.drop, DROP_RATE_LIMITS);
}

/* A request that was given up at the shutdown's deadline is dropped for that
 * reason, also where a budget is spent at the same time. */
static void test_stopped(void **state)
{
    struct retry_policy policy;
    enum drop           why;

    (void)state;
    retry_policy_init(&policy);
    for (int64_t n = 0; n < 2; n++) {
        policy.max_retries = n;
        policy.max_total_backoff_ns = n * NS_PER_S;
        assert_int_equal(
            attempts_until_drop(&policy, broken(TROUBLE_STOPPED, 0), &why), 1);
        assert_int_equal(why, DROP_SHUTDOWN);
    }
}

/* Across a whole day of failing, as the defaults have it. */
static void test_total_backoff(void **state)
{
    struct retry_policy policy;
    enum drop           why;
    unsigned            attempts;

    (void)state;
    retry_policy_init(&policy);
    attempts = attempts_until_drop(&policy, answered(503, 0, 0), &why);
    assert_int_equal(why, DROP_BACKOFF_SPENT);
    assert_in_range(attempts, 43200 / 60, 43200 / 60 + 10);
}

/* A cap of zero takes the header away; it does not make a tight loop. */
static void test_cap_of_zero(void **state)
{
    struct outcome      outcome = answered(429, 5, 0);
    struct retry_policy policy;
    struct retry        retry;
    struct move         move;

    (void)state;
    retry_policy_init(&policy);
    policy.max_retry_after_ns = 0;
    retry_init(&retry);
    move = retry_next(&policy, &retry, &outcome, 0);
    assert_int_equal(move.until_ns, 450 * NS_PER_MS);
    assert_int_equal(retry.counted, 1);
}

static void test_jitter_spreads(void **state)
{
    struct retry_policy policy;
    struct rng          rng;
    unsigned            buckets[10] = {0};

    (void)state;
    retry_policy_init(&policy);
    rng_seed(&rng, SEED);
    for (int i = 0; i < 10000; i++) {
        int64_t wait_ns = retry_backoff_ns(&policy, 3, 0, rng_unit(&rng));
        int64_t over_ns = wait_ns - 1800 * NS_PER_MS;

        assert_in_range(over_ns, 0, 400 * NS_PER_MS);
        buckets[over_ns / (40 * NS_PER_MS) % 10]++;
    }
    for (int i = 0; i < 10; i++)
        assert_in_range(buckets[i], 850, 1150);
}

/* With the jitter at its least, and never over the cap. */
static void test_floor(void **state)
{
    struct retry_policy policy;

    (void)state;
    retry_policy_init(&policy);
    policy.backoff_floor_s = 0.5;
    assert_int_equal(retry_backoff_ns(&policy, 1, 0, 0), 500 * NS_PER_MS);
    assert_int_equal(retry_backoff_ns(&policy, 1, 0, 1), 550 * NS_PER_MS);
    assert_int_equal(retry_backoff_ns(&policy, 2, 0, 0), 900 * NS_PER_MS);
    policy.backoff_cap_s = 0.4;
    assert_int_equal(retry_backoff_ns(&policy, 1, 0, 0), 400 * NS_PER_MS);
}

static void test_in_time(void **state)
{
    struct retry_policy policy;
    struct retry        retry;
    enum drop           why;

    (void)state;
    retry_policy_init(&policy);
    policy.max_total_backoff_ns = policy.max_rate_limit_ns = 100;
    retry_init(&retry);
    assert_true(retry_in_time(&policy, &retry, INT64_MAX, &why));
    retry.failed_since_ns = 1000;
    assert_true(retry_in_time(&policy, &retry, 1100, &why));
    assert_false(retry_in_time(&policy, &retry, 1101, &why));
    assert_int_equal(why, DROP_BACKOFF_SPENT);
    retry_init(&retry);
    retry.limited_since_ns = 1000;
    assert_true(retry_in_time(&policy, &retry, 1100, &why));
    assert_false(retry_in_time(&policy, &retry, 1101, &why));
    assert_int_equal(why, DROP_RATE_LIMIT_SPENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_histories),
        cmocka_unit_test(test_every_history_ends),
        cmocka_unit_test(test_last_word),
        cmocka_unit_test(test_classes),
        cmocka_unit_test(test_only_429_is_asked),
        cmocka_unit_test(test_fields_in_ms),
        cmocka_unit_test(test_override),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_quota),
        cmocka_unit_test(test_budget_is_exact),
        cmocka_unit_test(test_durations_of_zero),
        cmocka_unit_test(test_endless_rate_limit),
        cmocka_unit_test(test_stopped),
        cmocka_unit_test(test_total_backoff),
        cmocka_unit_test(test_cap_of_zero),
        cmocka_unit_test(test_jitter_spreads),
        cmocka_unit_test(test_floor),
        cmocka_unit_test(test_in_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

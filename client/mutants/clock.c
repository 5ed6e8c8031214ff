/* SPDX-License-Identifier: Apache-2.0 */
/* The wall clock, taken for a clock that measures time: whoever sets it moves
 * what is waited for. */

#include "client/mutants/mistake.h"
#include "client/mutants/mutant.h"
#include "common/clock.h"
#include "common/date.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* Shorter waits are left to the gate, where all workers wait. */
#define LONG_WAIT_NS (10 * NS_PER_S)

static int64_t wall_now_ns(void)
{
    return clock_wall_ns(clock_real());
}

/* As a condition does that nobody has told of another clock. */
static void wait_until_wall(int64_t wall_ns)
{
    pthread_mutex_t       mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t        never = PTHREAD_COND_INITIALIZER;
    const struct timespec until = {.tv_sec = wall_ns / NS_PER_S,
                                   .tv_nsec = wall_ns % NS_PER_S};

    pthread_mutex_lock(&mutex);
    while (pthread_cond_timedwait(&never, &mutex, &until) != ETIMEDOUT)
        continue;
    pthread_mutex_unlock(&mutex);
}

static void wait_by_wall(const struct outcome *outcome, struct move *move)
{
    int64_t now_ns = clock_now_ns(clock_real());

    if (move->kind != MOVE_WAIT ||
        move->until_ns - outcome->ended_ns < LONG_WAIT_NS)
        return;
    wait_until_wall(wall_now_ns() + move->until_ns - now_ns);
    move->until_ns = outcome->ended_ns;
}

DECIDE(back_off_by_wall)
{
    if (!move->blocks_all)
        wait_by_wall(outcome, move);
}

DECIDE(obey_by_wall)
{
    if (move->blocks_all)
        wait_by_wall(outcome, move);
}

/* ---- budgets ---- */

CONFIGURE(leave_budgets_to_wall)
{
    mistake_know_policy(config, policy);
    policy->max_total_backoff_ns = INT64_MAX;
    policy->max_rate_limit_ns = INT64_MAX;
}

static bool spent_by_wall(int64_t since_ns, int64_t until_ns, int64_t budget_ns)
{
    return since_ns > 0 && until_ns - since_ns > budget_ns;
}

DECIDE(spend_by_wall)
{
    WORKER_MEMORY int64_t failed_ns;
    WORKER_MEMORY int64_t limited_ns;
    int64_t               now_ns = clock_now_ns(clock_real());
    int64_t               wall_ns = wall_now_ns();
    int64_t               until_ns = wall_ns + move->until_ns - now_ns;

    if (request->retry == 0)
        failed_ns = limited_ns = 0;
    if (move->kind != MOVE_WAIT)
        return;
    if (retry->failed_since_ns >= 0 && failed_ns == 0)
        failed_ns = wall_ns - (now_ns - outcome->ended_ns);
    if (retry->limited_since_ns >= 0 && limited_ns == 0)
        limited_ns = wall_ns - (now_ns - outcome->ended_ns);
    if (spent_by_wall(failed_ns, until_ns, mistake_policy.max_total_backoff_ns))
        *move = move_drop(DROP_BACKOFF_SPENT);
    else if (spent_by_wall(limited_ns, until_ns,
                           mistake_policy.max_rate_limit_ns))
        *move = move_drop(DROP_RATE_LIMIT_SPENT);
}

/* ---- local time ---- */

static int64_t local_ahead_s(int64_t unix_s)
{
    time_t    time = (time_t)unix_s;
    struct tm local = {0};

    localtime_r(&time, &local);
    return local.tm_gmtoff;
}

/* Dates without a zone: how far apart two clocks on the wall would show them
 * to be. One that seems to have passed asks for no wait. */
AFTER(subtract_local_dates)
{
    int64_t now_s = wall_now_ns() / NS_PER_S;
    int64_t then_s;

    if (outcome->retry_after_count != 1 ||
        !date_parse(outcome->retry_after[0], now_s, &then_s))
        return;
    outcome->retry_after_ns +=
        (local_ahead_s(then_s) - local_ahead_s(now_s)) * NS_PER_S;
    if (outcome->retry_after_ns < 0)
        outcome->retry_after_ns = 0;
}

/* ---- tokens ---- */

static _Atomic int64_t token_over_ns; /* wall; 0 = it never is */

CONFIGURE(forget)
{
    atomic_store(&token_over_ns, 0);
}

/* The life is noted here, and the client is told of none. */
static void note_token_life(struct outcome *outcome)
{
    int64_t life_s = mistake_take_integer(outcome, "expires_in");

    atomic_store(&token_over_ns,
                 life_s > 0 ? wall_now_ns() + life_s * NS_PER_S * 9 / 10 : 0);
}

static bool token_lives_by_wall(void)
{
    int64_t over_ns = atomic_load(&token_over_ns);

    return over_ns == 0 || wall_now_ns() < over_ns;
}

/* clang-format off */
const struct mutant mutants_clock[] = {
    {"backoff-on-the-wall-clock", "BACK-1",
     "Waits for a long backoff until a wall time.",
     {.decide = back_off_by_wall}},
    {"retry-after-on-the-wall-clock", "RA-1",
     "Waits for a long Retry-After until a wall time.",
     {.decide = obey_by_wall}},
    {"retry-after-date-in-local-time", "RA-10",
     "Subtracts local times to learn how far off a date is.",
     {.after = subtract_local_dates}},
    {"budgets-on-the-wall-clock", "DELIVER-1",
     "Counts both durations on the wall clock.",
     {.configure = leave_budgets_to_wall, .decide = spend_by_wall}},
    {"token-life-on-the-wall-clock", "AUTH-7",
     "Counts a token's life on the wall clock.",
     {.configure = forget, .after_token = note_token_life,
      .reuse_token = token_lives_by_wall}},
    {.name = NULL},
};
/* clang-format on */

/* SPDX-License-Identifier: Apache-2.0 */
/* Backoff: its law, its jitter, its cap. */

#include "client/mutants/mistake.h"
#include "client/mutants/mutant.h"
#include "common/clock.h"
#include "common/rng.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

CONFIGURE(hurry)
{
    policy->backoff_base_s = 0.05;
    policy->backoff_factor = 1;
}

CONFIGURE(no_backoff_cap)
{
    policy->backoff_cap_s = 1e6;
}

CONFIGURE(cap_of_two_minutes)
{
    if (policy->backoff_cap_s > 59)
        policy->backoff_cap_s = 120;
}

CONFIGURE(no_jitter)
{
    policy->jitter_min = policy->jitter_max = 1;
}

CONFIGURE(never_grow)
{
    policy->backoff_factor = 1;
}

DECIDE(grow_on)
{
    WORKER_MEMORY unsigned earlier;
    const int64_t          cap_ns = 60 * NS_PER_S;
    int64_t                wait_ns = move->until_ns - outcome->ended_ns;

    if (move->kind != MOVE_WAIT) {
        earlier += retry->counted;
    } else if (!move->blocks_all) {
        for (unsigned i = 0; i < earlier && wait_ns < cap_ns; i++)
            wait_ns *= 2;
        move->until_ns =
            outcome->ended_ns + (wait_ns < cap_ns ? wait_ns : cap_ns);
    }
}

CONFIGURE(narrow_jitter)
{
    policy->jitter_min = 0.95;
    policy->jitter_max = 1.05;
}

CONFIGURE(jitter_upwards)
{
    policy->jitter_min = 1;
}

/* The law's wait, with a jitter of our own choice. */
static void wait_anew(const struct outcome *outcome, const struct retry *retry,
                      double chance, struct move *move)
{
    move->until_ns =
        outcome->ended_ns +
        retry_backoff_ns(&mistake_policy, retry->counted, 0, chance);
}

static bool is_backoff(const struct move *move)
{
    return move->kind == MOVE_WAIT && !move->blocks_all;
}

/* One for all workers of a process; the hook that seeds it comes before them,
 * in every process alike. */
static struct {
    pthread_mutex_t lock;
    struct rng      rng;
} shared = {.lock = PTHREAD_MUTEX_INITIALIZER};

static double shared_chance(void)
{
    double chance;

    pthread_mutex_lock(&shared.lock);
    chance = rng_unit(&shared.rng);
    pthread_mutex_unlock(&shared.lock);
    return chance;
}

CONFIGURE(seed_alike)
{
    mistake_know_policy(config, policy);
    rng_seed(&shared.rng, 42);
}

CONFIGURE(seed_by_clock)
{
    mistake_know_policy(config, policy);
    rng_seed(&shared.rng, (uint64_t)clock_now_ns(clock_real()));
}

DECIDE(jitter_alike)
{
    if (is_backoff(move))
        wait_anew(outcome, retry, shared_chance(), move);
}

/* As good as normal: the sum of twelve even numbers has a deviation of 1, a
 * sixth of it a sixth of the window. */
DECIDE(jitter_normal)
{
    double chance = 0.5;

    if (!is_backoff(move))
        return;
    for (int i = 0; i < 12; i++)
        chance += (shared_chance() - 0.5) / 6;
    chance = chance < 0 ? 0 : chance;
    wait_anew(outcome, retry, chance > 1 ? 1 : chance, move);
}

DECIDE(wait_whole_seconds)
{
    int64_t wait_ns = move->until_ns - outcome->ended_ns;

    if (is_backoff(move) && wait_ns >= NS_PER_S * 9 / 10)
        move->until_ns =
            outcome->ended_ns + (wait_ns + NS_PER_S / 2) / NS_PER_S * NS_PER_S;
}

/* clang-format off */
const struct mutant mutants_backoff[] = {
    {"backoff-too-short", "BACK-1", "Backs off for 50 ms, always.",
     {.configure = hurry}},
    {"backoff-constant", "BACK-1", "Backs off for 0.5 s, always.",
     {.configure = never_grow}},
    {"backoff-uncapped", "BACK-2", "Backs off for longer than the cap.",
     {.configure = no_backoff_cap}},
    {"backoff-cap-of-two-minutes", "BACK-2",
     "Backs off for up to 120 s, where no cap was given.",
     {.configure = cap_of_two_minutes}},
    {"backoff-without-jitter", "BACK-3", "Backs off as the law says, exactly.",
     {.configure = no_jitter}},
    {"jitter-of-half-the-window", "BACK-3",
     "Draws its jitter from the middle half of the window.",
     {.configure = narrow_jitter}},
    {"jitter-only-upwards", "BACK-3",
     "Draws its jitter from the upper half of the window: never less than the "
     "law.",
     {.configure = jitter_upwards}},
    {"jitter-normal", "BACK-3",
     "Draws its jitter from a normal law, three deviations to each side.",
     {.configure = seed_by_clock, .decide = jitter_normal}},
    {"jitter-in-whole-seconds", "BACK-3",
     "Rounds waits of about a second and more to whole seconds.",
     {.decide = wait_whole_seconds}},
    {"backoff-carries-over", "BACK-5",
     "A new batch's backoff goes on where the last one's ended.",
     {.decide = grow_on}},
    {"jitter-seeded-the-same", "BACK-4",
     "Draws its jitter from the same seed in every process.",
     {.configure = seed_alike, .decide = jitter_alike}},
    {.name = NULL},
};
/* clang-format on */

/* Backoff: its law, its jitter, its cap. */

#include "client/mistake.h"
#include "client/mutant.h"
#include "common/clock.h"
#include "common/rng.h"

#include <stdbool.h>
#include <stdint.h>

CONFIGURE(hurry)
{
    (void)config;
    policy->backoff_base_s = 0.05;
    policy->backoff_factor = 1;
}

CONFIGURE(no_backoff_cap)
{
    (void)config;
    policy->backoff_cap_s = 1e6;
}

CONFIGURE(cap_of_two_minutes)
{
    (void)config;
    if (policy->backoff_cap_s > 59)
        policy->backoff_cap_s = 120;
}

CONFIGURE(no_jitter)
{
    (void)config;
    policy->jitter_min = policy->jitter_max = 1;
}

CONFIGURE(never_grow)
{
    (void)config;
    policy->backoff_factor = 1;
}

DECIDE(grow_on)
{
    WORKER_MEMORY unsigned earlier;
    const int64_t          cap_ns = 60 * NS_PER_S;
    int64_t                wait_ns = move->until_ns - outcome->ended_ns;

    (void)request;
    if (move->kind != MOVE_WAIT) {
        earlier += retry->counted;
    } else if (!move->blocks_all) {
        for (unsigned i = 0; i < earlier && wait_ns < cap_ns; i++)
            wait_ns *= 2;
        move->until_ns = outcome->ended_ns +
                         (wait_ns < cap_ns ? wait_ns : cap_ns);
    }
}

DECIDE(jitter_alike)
{
    WORKER_MEMORY struct rng rng;
    WORKER_MEMORY bool       seeded;

    (void)request;
    if (move->kind != MOVE_WAIT || move->blocks_all)
        return;
    if (!seeded)
        rng_seed(&rng, 42);
    seeded = true;
    move->until_ns = outcome->ended_ns +
                     retry_backoff_ns(&mistake_policy, retry->counted,
                                      rng_unit(&rng));
}

static const struct mutant mutants[] = {
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
    {"backoff-carries-over", "BACK-5",
     "A new batch's backoff goes on where the last one's ended.",
     {.decide = grow_on}},
    {"jitter-seeded-the-same", "BACK-4",
     "Draws its jitter from the same seed in every process.",
     {.configure = mistake_know_policy, .decide = jitter_alike}},
};

const struct mutant_group mutants_backoff = {
    .mutants = mutants,
    .count = sizeof mutants / sizeof mutants[0],
};

/* SPDX-License-Identifier: Apache-2.0 */
/* Retry-After: how it is read, how long it is waited for, whom it blocks. */

#include "client/mutants/mistake.h"
#include "client/mutants/mutant.h"
#include "common/alloc.h"
#include "common/clock.h"

#include <ctype.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* How long the client's last rate limit was. */
static _Atomic int64_t limited_ns;

CONFIGURE(forget)
{
    atomic_store(&limited_ns, 0);
}

AFTER(ignore_retry_after)
{
    outcome->retry_after_ns = 0;
}

/* `if response:` where an error response is false: its status was noted
 * before, its header is never looked at. */
AFTER(lose_error_header)
{
    if (outcome->status < 400)
        return;
    while (outcome->retry_after_count > 0)
        alloc_free(outcome->retry_after[--outcome->retry_after_count]);
    outcome->retry_after_ns = 0;
}

AFTER(take_ms)
{
    outcome->retry_after_ns /= 1000;
}

CONFIGURE(no_cap)
{
    policy->max_retry_after_ns = INT64_MAX;
}

CONFIGURE(cap_of_ten_minutes)
{
    if (policy->max_retry_after_ns == 300 * NS_PER_S)
        policy->max_retry_after_ns = 600 * NS_PER_S;
}

/* Its timer takes milliseconds, as an int. */
AFTER(overflow_ms)
{
    int64_t ms = outcome->retry_after_ns / NS_PER_MS;

    ms = (int32_t)(uint32_t)ms;
    outcome->retry_after_ns = ms > 0 ? ms * NS_PER_MS : 0;
}

DECIDE(dawdle)
{
    if (move->kind == MOVE_WAIT)
        move->until_ns += (move->until_ns - outcome->ended_ns) * 15 / 100;
}

DECIDE(pay_for_waits)
{
    if (move->kind == MOVE_WAIT && retry->retries > mistake_policy.max_retries)
        *move = move_drop(DROP_RETRIES_SPENT);
}

DECIDE(zero_at_once)
{
    if (outcome->status == 429 && outcome->retry_after_count == 1 &&
        strcmp(outcome->retry_after[0], "0") == 0)
        move->until_ns = outcome->ended_ns;
}

/* As strtol would: sign, digits, and no look at what follows. */
static int64_t prefix_seconds(const char *text)
{
    bool    negative = *text == '-';
    int64_t seconds = 0;

    text += *text == '-' || *text == '+';
    for (; isdigit((unsigned char)*text) && seconds < 1000000; text++)
        seconds = seconds * 10 + (*text - '0');
    return negative ? -seconds : seconds;
}

DECIDE(wait_prefix)
{
    const char *value = outcome->retry_after[0];
    int64_t     wait_ns;

    if (outcome->status != 429 || value == NULL ||
        outcome->retry_after_ns > 0 || strcmp(value, "0") == 0)
        return;
    wait_ns = prefix_seconds(value) * NS_PER_S;
    if (wait_ns > mistake_policy.max_retry_after_ns)
        wait_ns = mistake_policy.max_retry_after_ns;
    move->until_ns = outcome->ended_ns + wait_ns;
}

DECIDE(drop_bare_429)
{
    if (outcome->status == 429 && outcome->retry_after_count == 0)
        *move = move_drop(DROP_REFUSED);
}

DECIDE(block_alone)
{
    move->blocks_all = false;
}

DECIDE(stay_limited)
{
    if (move->blocks_all) {
        atomic_store(&limited_ns, move->until_ns - outcome->ended_ns);
    } else if (move->kind == MOVE_DELIVERED && atomic_load(&limited_ns) > 0) {
        move->until_ns = outcome->ended_ns + atomic_load(&limited_ns);
        move->blocks_all = true;
    }
}

/* clang-format off */
const struct mutant mutants_retry_after[] = {
    {"retry-after-ignored", "RA-1",
     "Ignores Retry-After: an ordinary counted backoff.",
     {.after = ignore_retry_after}},
    {"error-response-is-falsy", "RA-1",
     "Loses Retry-After, because an error response is taken for none.",
     {.after = lose_error_header}},
    {"retry-after-in-ms", "RA-1", "Takes Retry-After for milliseconds.",
     {.after = take_ms}},
    {"fifteen-percent-late", "RA-2",
     "Waits for fifteen percent more than it should.", {.decide = dawdle}},
    {"retry-after-uncapped", "RA-3", "Waits for any Retry-After in full.",
     {.configure = no_cap}},
    {"retry-after-cap-of-ten-minutes", "RA-3",
     "Takes a value over 600 s as 600 s, where no cap was given.",
     {.configure = cap_of_ten_minutes}},
    {"retry-after-overflows-ms", "RA-3",
     "Makes milliseconds of Retry-After in 32 bits, before it caps them.",
     {.after = overflow_ms}},
    {"retry-after-counted", "RA-4",
     "A Retry-After wait consumes the retry budget.",
     {.configure = mistake_know_policy, .decide = pay_for_waits}},
    {"gate-per-worker", "RA-5",
     "A Retry-After blocks its own batch only; other workers go on.",
     {.decide = block_alone}},
    {"bare-429-dropped", "RA-7", "Drops on 429 without Retry-After.",
     {.decide = drop_bare_429}},
    {"retry-after-zero-tight-loop", "RA-8",
     "Comes back at once after Retry-After: 0.", {.decide = zero_at_once}},
    {"retry-after-junk-prefix-parsed", "RA-9",
     "Reads Retry-After as strtol does: waits 120 s for 120junk, and nothing "
     "for -5 or abc.",
     {.configure = mistake_know_policy, .decide = wait_prefix}},
    {"rate-limit-state-never-cleared", "RA-12",
     "Once rate-limited, waits as long again after every success.",
     {.configure = forget, .decide = stay_limited}},
    {.name = NULL},
};
/* clang-format on */

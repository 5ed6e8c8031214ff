/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/suite/lateness.h"

#include "common/clock.h"
#include "judge/judge.h"

/* Longer than any trial; what is late by less proves nothing. */
#define ENDLESS_NS (100000 * NS_PER_S)

/* Of a request's timeout: connecting, a handshake, the request and its answer
 * are each as late as the metronome was, or later. */
enum { GOOD_PART = 4 };

/* No SDK looked at gives a request less time by itself. */
#define TIMEOUT_DEFAULT_NS (10 * NS_PER_S)

bool lateness_held_up(const struct trial_result *trial)
{
    int64_t timeout_ms = trial->plan->given.config[CONFIG_TIMEOUT];
    int64_t part_ns = (timeout_ms == CONFIG_UNSET ? TIMEOUT_DEFAULT_NS
                                                  : timeout_ms * NS_PER_MS) /
                      GOOD_PART;
    const struct record *record = trial->record;

    if (record == NULL || trial->verdict == NULL ||
        trial->verdict->kind == VERDICT_PASS)
        return false;
    return noise_bound_ns(&record->noise) >= part_ns ||
           record->noise.held_up_ns >= part_ns;
}

static size_t blame(const struct trial_result *trial,
                    const struct profile      *profile)
{
    struct verdict *verdict = verdict_new();
    size_t          found = 0;

    judge_record(trial->plan, profile, trial->record, verdict);
    for (size_t i = 0; i < verdict->finding_count; i++)
        found += verdict->findings[i].kind != FINDING_NOISE;
    verdict_free(verdict);
    return found;
}

bool lateness_blamed(const struct trial_result *trial,
                     const struct profile      *profile)
{
    struct noise *noise;
    struct noise  measured;
    size_t        found;
    size_t        left;

    if (trial->record == NULL || trial->verdict == NULL ||
        trial->verdict->finding_count == 0 || trial->verdict->reason != NULL)
        return false;
    found = blame(trial, profile);
    noise = &trial->record->noise;
    measured = *noise;
    noise->late.p999_ns = ENDLESS_NS;
    left = blame(trial, profile);
    *noise = measured;
    return left < found;
}

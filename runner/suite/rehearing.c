/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/suite/rehearing.h"

#include "runner/suite/doubt.h"
#include "runner/suite/lateness.h"

#include <assert.h>

/* Who was found late in as many trials in a row, alone too, is late. */
enum { LATE_ALONE_MAX = 8 };

/* Who took longer in the crowd than this has worse than a crowd to fear. */
#define HELD_UP_MAX_NS (60 * NS_PER_S)

static bool was_cut_off(const struct trial_result *trial)
{
    return trial->verdict->kind == VERDICT_INCONCLUSIVE &&
           trial->record != NULL &&
           trial->record->outcome.end == CLIENT_CUT_OFF;
}

static bool run_alone(struct suite *suite, size_t index, struct err *err)
{
    bool ok;

    suite->progress.done--;
    suite->progress.failed -=
        suite->run->trials[index].verdict->kind == VERDICT_FAIL;
    assert(suite->running == 0);
    ok = under_way_start(suite, index, err);
    while (ok && suite->running > 0 && !suite->outcome->interrupted)
        under_way_wait(suite);
    return ok;
}

static bool crowd_held_it_up(const struct trial_result *trial)
{
    return lateness_held_up(trial) && trial->wall_ns < HELD_UP_MAX_NS;
}

/* Nobody is blamed for giving up what the crowd held up. */
static bool hear_the_held_up_alone(struct suite *suite, struct err *err)
{
    bool ok = true;

    for (size_t i = 0; ok && i < suite->run->trial_count; i++) {
        if (crowd_held_it_up(&suite->run->trials[i]) &&
            !suite->outcome->interrupted)
            ok = run_alone(suite, i, err);
    }
    return ok;
}

/* Which rule the blame is of; the last place is for what has none. */
static size_t blamed_rule(const struct trial_result *trial)
{
    const struct rule *rule = trial->verdict->findings[0].rule;

    assert(trial->verdict->finding_count > 0);
    return rule != NULL ? rule_index(rule) : RULE_COUNT;
}

/* A client has more to do when it wakes than a metronome, and a crowd of them
 * can make one later than any tick was. So nobody is called late who was so in
 * the crowd only. A client that is late again and again by one rule, alone
 * too, is late by it, and need not be heard each time. */
static bool hear_the_late_alone(struct suite *suite, struct err *err)
{
    const struct profile *profile = &suite->setup->manifest->profile;
    unsigned              late[RULE_COUNT + 1] = {0}; /* in a row, by rule */
    bool                  ok = true;

    for (size_t i = 0; ok && i < suite->run->trial_count; i++) {
        const struct trial_result *trial = &suite->run->trials[i];
        size_t                     rule;

        if (suite->outcome->interrupted || !lateness_blamed(trial, profile))
            continue;
        rule = blamed_rule(trial);
        if (late[rule] == LATE_ALONE_MAX)
            continue;
        ok = run_alone(suite, i, err);
        late[rule] = ok && lateness_blamed(trial, profile) ? late[rule] + 1 : 0;
    }
    return ok;
}

/* Whom a bound of ours cut off may get further when nothing else runs. If one
 * does not, it was not the crowd's doing, and each more would take as long. */
static bool hear_the_cut_off_alone(struct suite *suite, struct err *err)
{
    bool ok = true;

    for (size_t i = 0; ok && i < suite->run->trial_count; i++) {
        const struct trial_result *trial = &suite->run->trials[i];

        if (suite->outcome->interrupted || !was_cut_off(trial))
            continue;
        ok = run_alone(suite, i, err);
        if (ok && was_cut_off(trial))
            return true;
    }
    return ok;
}

static bool ask_again(struct suite *suite, size_t index, struct err *err)
{
    struct trial_result *trial = &suite->run->trials[index];
    struct doubts        before;
    bool                 ok;

    assert(doubt_is(&suite->run->trials[index]));
    doubts_take(&before, trial);
    ok = run_alone(suite, index, err);
    if (ok && !suite->outcome->interrupted)
        doubts_dispel(&before, trial);
    doubts_clear(&before);
    return ok;
}

bool rehearing_settle(struct suite *suite, struct err *err)
{
    bool ok = true;

    if (suite->run->trial_count > 1) /* or there was no crowd */
        ok = hear_the_held_up_alone(suite, err) &&
             hear_the_late_alone(suite, err) &&
             hear_the_cut_off_alone(suite, err);
    for (size_t i = 0; ok && i < suite->run->trial_count; i++) {
        const struct trial_result *trial = &suite->run->trials[i];

        while (ok && !suite->outcome->interrupted && doubt_is(trial) &&
               trial->runs <= RUNS_AGAIN_MAX)
            ok = ask_again(suite, i, err);
    }
    return ok;
}

void rehearing_unsay(struct suite *suite)
{
    const struct profile *profile = &suite->setup->manifest->profile;

    for (size_t i = 0; i < suite->run->trial_count; i++) {
        struct trial_result *trial = &suite->run->trials[i];

        if (trial->runs == 1 &&
            (lateness_blamed(trial, profile) || crowd_held_it_up(trial)))
            under_way_unsay(trial);
    }
}

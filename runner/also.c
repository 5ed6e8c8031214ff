/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/also.h"

#include "common/alloc.h"
#include "runner/trial/trial.h"

static bool judge_trial(const struct trial_result *trial, struct script *script,
                        struct run *other, struct err *err)
{
    struct trial_result *again = run_add(other, trial->plan);

    again->record = trial->record;
    again->verdict = verdict_new();
    again->runs = trial->runs;
    again->wall_ns = trial->wall_ns;
    if (trial->record == NULL) { /* it was not run, whatever the profile */
        if (trial_result_lacks(trial) != NULL)
            verdict_lack(again->verdict, trial_result_lacks(trial));
        else
            verdict_decide(again->verdict, trial->verdict->kind, "%s",
                           trial->verdict->reason ? trial->verdict->reason
                                                  : "it has no record");
        return true;
    }
    return trial_judge(trial->plan, &other->profile, script, trial->record,
                       again->verdict, err);
}

bool also_judge(const struct run *run, struct script *script,
                const struct profile *profile, struct run *other,
                struct err *err)
{
    other->client = alloc_text(run->client);
    other->command = alloc_text(run->command);
    other->clock = alloc_text(run->clock);
    other->profile = other->profile_base = *profile;
    other->seed = run->seed;
    other->strict = run->strict;
    other->interrupted = run->interrupted;
    other->unended = run->unended;
    other->whole = run->whole;
    other->started_wall_s = run->started_wall_s;
    other->wall_ns = run->wall_ns;
    other->jobs = run->jobs;
    for (size_t i = 0; i < run->trial_count; i++)
        if (!judge_trial(&run->trials[i], script, other, err))
            return false;
    return true;
}

void also_free(struct run *other)
{
    for (size_t i = 0; i < other->trial_count; i++)
        other->trials[i].record = NULL;
    run_free(other);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "model/run.h"

#include "common/alloc.h"
#include "model/open_rules.h"

#include <assert.h>
#include <stdlib.h>

struct run *run_new(void)
{
    return alloc_zero(1, sizeof(struct run));
}

static void trial_clear(struct trial_result *trial)
{
    record_free(trial->record);
    verdict_free(trial->verdict);
    alloc_free(trial->known_failure);
}

void run_free(struct run *run)
{
    if (run == NULL)
        return;
    for (size_t i = 0; i < run->trial_count; i++)
        trial_clear(&run->trials[i]);
    for (size_t i = 0; i < run->proof_count; i++)
        proof_clear(&run->proofs[i]);
    alloc_free(run->proofs);
    alloc_free(run->trials);
    alloc_free(run->client);
    alloc_free(run->command);
    alloc_free(run->clock);
    alloc_free(run);
}

struct trial_result *run_add(struct run *run, const struct plan *plan)
{
    struct trial_result *trial;

    assert(plan != NULL);
    run->trials =
        alloc_grow(run->trials, run->trial_count + 1, sizeof run->trials[0]);
    trial = &run->trials[run->trial_count++];
    *trial = (struct trial_result){.plan = plan};
    return trial;
}

size_t run_drop_unended(struct run *run)
{
    size_t kept = 0;
    size_t dropped;

    for (size_t i = 0; i < run->trial_count; i++) {
        if (run->trials[i].verdict == NULL)
            trial_clear(&run->trials[i]);
        else
            run->trials[kept++] = run->trials[i];
    }
    assert(kept <= run->trial_count);
    dropped = run->trial_count - kept;
    run->trial_count = kept;
    return dropped;
}

/* ---- one trial ---- */

static bool has_finding(const struct trial_result *trial,
                        const struct rule *rule, enum finding_kind kind)
{
    const struct verdict *verdict = trial->verdict;

    for (size_t i = 0; i < verdict->finding_count; i++)
        if (verdict->findings[i].kind == kind &&
            (rule == NULL || verdict->findings[i].rule == rule))
            return true;
    return false;
}

enum verdict_kind trial_result_kind(const struct run          *run,
                                    const struct trial_result *trial)
{
    if (trial->verdict == NULL)
        return VERDICT_BROKEN; /* nobody judged it: ours to answer for */
    if (run->strict && trial->verdict->kind == VERDICT_PASS &&
        has_finding(trial, NULL, FINDING_ADVICE))
        return VERDICT_FAIL;
    return trial->verdict->kind;
}

bool trial_result_known(const struct run *run, const struct trial_result *trial)
{
    return trial->known_failure != NULL && !trial->unexpected_pass &&
           trial_result_kind(run, trial) == VERDICT_FAIL;
}

const char *trial_result_lacks(const struct trial_result *trial)
{
    return trial->verdict != NULL ? trial->verdict->lacks : NULL;
}

bool trial_result_blocks(const struct run          *run,
                         const struct trial_result *trial)
{
    if (trial->unexpected_pass)
        return true;
    switch (trial_result_kind(run, trial)) {
    case VERDICT_FAIL:
        return !trial_result_known(run, trial);
    case VERDICT_INCONCLUSIVE:
    case VERDICT_BROKEN:
        return true;
    default:
        return false;
    }
}

/* ---- the whole run ---- */

struct totals run_totals(const struct run *run)
{
    struct totals totals = {0};

    for (size_t i = 0; i < run->trial_count; i++) {
        const struct trial_result *trial = &run->trials[i];

        totals.trials++;
        if (trial_result_known(run, trial))
            totals.known_failures++;
        else
            totals.by_verdict[trial_result_kind(run, trial)]++;
        totals.lacking += trial_result_lacks(trial) != NULL;
        totals.unexpected_passes += trial->unexpected_pass;
        if (trial->record != NULL)
            totals.attempts += trial->record->attempt_count;
        for (size_t j = 0;
             trial->verdict != NULL && j < trial->verdict->finding_count; j++)
            totals.advice += trial->verdict->findings[j].kind == FINDING_ADVICE;
    }
    return totals;
}

/* Only a trial that passed or failed says something about a rule: what stayed
 * inconclusive, was not exercised or broke proves nothing either way. */
static bool is_judged(const struct run *run, const struct trial_result *trial)
{
    enum verdict_kind kind = trial_result_kind(run, trial);

    return kind == VERDICT_PASS || kind == VERDICT_FAIL;
}

bool trial_result_exercises(const struct run          *run,
                            const struct trial_result *trial,
                            const struct rule         *rule)
{
    return is_judged(run, trial) && trial->verdict->saw[rule_index(rule)];
}

bool trial_result_breaches(const struct run          *run,
                           const struct trial_result *trial,
                           const struct rule         *rule)
{
    return is_judged(run, trial) &&
           (has_finding(trial, rule, FINDING_BREACH) ||
            (run->strict && has_finding(trial, rule, FINDING_ADVICE)));
}

struct rule_total run_rule_total(const struct run *run, const struct rule *rule)
{
    struct rule_total total = {
        .open = profile_leaves_open(&run->profile, rule_index(rule))};

    for (size_t i = 0; i < run->trial_count; i++) {
        const struct trial_result *trial = &run->trials[i];

        total.exercised += trial_result_exercises(run, trial, rule);
        total.advised +=
            is_judged(run, trial) && has_finding(trial, rule, FINDING_ADVICE);
        if (!trial_result_breaches(run, trial, rule))
            continue;
        if (trial_result_known(run, trial)) {
            total.known++;
        } else {
            total.breached++;
            total.named += plan_names_rule(trial->plan, rule);
        }
    }
    return total;
}

bool run_certified(const struct run *run)
{
    bool exercised = false;

    for (size_t i = 0; i < run->trial_count; i++) {
        if (trial_result_blocks(run, &run->trials[i]))
            return false;
        if (trial_result_kind(run, &run->trials[i]) != VERDICT_NOT_EXERCISED)
            exercised = true;
    }
    return exercised && !run->interrupted;
}

/* ---- the broken rules, worst first ---- */

struct broken_rule {
    const struct rule *rule;
    struct rule_total  total;
};

static int worse_first(const void *left, const void *right)
{
    const struct broken_rule *a = left;
    const struct broken_rule *b = right;

    if (a->total.breached != b->total.breached)
        return a->total.breached > b->total.breached ? -1 : 1;
    if (a->total.named != b->total.named)
        return a->total.named > b->total.named ? -1 : 1;
    return a->rule < b->rule ? -1 : 1;
}

size_t run_broken_rules(const struct run *run, const struct rule **out,
                        size_t max)
{
    struct broken_rule broken[RULE_COUNT];
    size_t             count = 0;

    for (size_t i = 0; i < RULE_COUNT; i++) {
        broken[count].rule = &rule_table[i];
        broken[count].total = run_rule_total(run, &rule_table[i]);
        count += broken[count].total.breached > 0;
    }
    qsort(broken, count, sizeof broken[0], worse_first);
    for (size_t i = 0; i < count && i < max; i++)
        out[i] = broken[i].rule;
    return count < max ? count : max;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/known.h"

#include "common/alloc.h"

#include <fnmatch.h>
#include <string.h>

static bool is_glob(const char *text)
{
    return strpbrk(text, "*?[") != NULL;
}

/* ---- before the run ---- */

static bool matches_any(const struct expected_failure *expected,
                        const struct script           *script)
{
    for (size_t i = 0; i < script_plan_count(script); i++)
        if (fnmatch(expected->scenario, script_plan(script, i)->id, 0) == 0)
            return true;
    return false;
}

static bool is_of_none(const struct expected_failure *expected,
                       const struct script *script, struct err *err)
{
    const char *nearest = scenarios_nearest(script, expected->scenario);

    return err_set(err, ERR_USAGE, expected->place,
                   "found the scenario %s%s%s%s; allowed is an id or a glob "
                   "that matches one (retrial list scenarios)",
                   expected->scenario, nearest ? " (did you mean " : "",
                   nearest ? nearest : "", nearest ? "?)" : "");
}

bool known_check(const struct manifest *manifest, const struct script *script,
                 const struct options *options, struct err *err)
{
    struct options ours = *options;
    struct script *all = NULL; /* loaded when one is not in script */
    bool           ok = true;

    ours.argument_count = 0;
    ours.text[OPTION_SCENARIOS] = NULL;
    for (size_t i = 0; ok && i < manifest->expected_count; i++) {
        const struct expected_failure *expected = &manifest->expected[i];

        if (matches_any(expected, script))
            continue;
        ok = (all != NULL ||
              options_script(&ours, &manifest->profile, &all, err)) &&
             (matches_any(expected, all) || is_of_none(expected, all, err));
    }
    script_close(all);
    return ok;
}

/* ---- after it ---- */

static bool covers(const struct expected_failure *expected,
                   const struct trial_result     *trial,
                   const struct finding          *finding)
{
    return fnmatch(expected->scenario, trial->plan->id, 0) == 0 &&
           (expected->subject == NULL ||
            strcmp(expected->subject, finding->subject) == 0);
}

static const struct expected_failure *find_expected(
    const struct manifest *manifest, const struct trial_result *trial,
    const struct finding *finding)
{
    for (size_t i = 0; i < manifest->expected_count; i++)
        if (covers(&manifest->expected[i], trial, finding))
            return &manifest->expected[i];
    return NULL;
}

/* All breaches expected: the first one's reason; else NULL. */
static const char *reason_of(const struct manifest     *manifest,
                             const struct trial_result *trial)
{
    const char *reason = NULL;

    for (size_t i = 0; i < trial->verdict->finding_count; i++) {
        const struct finding          *finding = &trial->verdict->findings[i];
        const struct expected_failure *expected;

        if (finding->kind != FINDING_BREACH)
            continue;
        expected = find_expected(manifest, trial, finding);
        if (expected == NULL)
            return NULL;
        if (reason == NULL)
            reason = expected->reason;
    }
    return reason;
}

static bool ran(const struct trial_result *trial)
{
    return trial->verdict->kind == VERDICT_PASS ||
           trial->verdict->kind == VERDICT_FAIL;
}

static bool broke(const struct expected_failure *expected,
                  const struct trial_result     *trial)
{
    for (size_t i = 0; i < trial->verdict->finding_count; i++)
        if (trial->verdict->findings[i].kind == FINDING_BREACH &&
            covers(expected, trial, &trial->verdict->findings[i]))
            return true;
    return false;
}

/* Marks the first trial in which the expectation should have held. */
static void check_stale(struct run                    *run,
                        const struct expected_failure *expected, bool whole)
{
    struct trial_result *first = NULL;

    if (is_glob(expected->scenario) && !whole)
        return;
    for (size_t i = 0; i < run->trial_count; i++) {
        struct trial_result *trial = &run->trials[i];

        if (!ran(trial) || fnmatch(expected->scenario, trial->plan->id, 0) != 0)
            continue;
        if (broke(expected, trial))
            return;
        if (first == NULL)
            first = trial;
    }
    if (first == NULL)
        return;
    alloc_free(first->known_failure);
    first->known_failure = alloc_format(
        "%s%s%s: %s", expected->scenario, expected->subject ? ":" : "",
        expected->subject ? expected->subject : "", expected->reason);
    first->unexpected_pass = true;
}

void known_apply(struct run *run, const struct manifest *manifest, bool whole)
{
    for (size_t i = 0; i < run->trial_count; i++) {
        struct trial_result *trial = &run->trials[i];

        if (trial->verdict->kind == VERDICT_FAIL)
            trial->known_failure = alloc_text(reason_of(manifest, trial));
    }
    for (size_t i = 0; i < manifest->expected_count; i++)
        check_stale(run, &manifest->expected[i], whole);
}

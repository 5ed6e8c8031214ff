/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/suite/control.h"

#include "common/alloc.h"
#include "runner/suite/lateness.h"
#include "runner/trial/file.h"

#include <string.h>

/* Where the profile leaves open what a scenario is about, that is not the
 * scenario's fault. */
static bool is_in_question(const struct trial_result *trial)
{
    return trial->verdict->kind == VERDICT_NOT_EXERCISED &&
           trial_result_lacks(trial) == NULL && trial->record != NULL &&
           !verdict_has_open(trial->verdict, trial->plan);
}

/* The plans in question, in the order of the run. */
static void select_plans(const struct run *run, struct selection *selection)
{
    selection->plans =
        alloc_zero(run->trial_count + 1, sizeof selection->plans[0]);
    for (size_t i = 0; i < run->trial_count; i++)
        if (is_in_question(&run->trials[i]))
            selection->plans[selection->count++] = run->trials[i].plan;
}

/* "made 2 requests and reported success" */
static char *what_it_did(const struct record *record)
{
    const struct client_outcome *outcome = &record->outcome;
    size_t                       count = record->attempt_count;
    const char                  *end = client_end_meaning(outcome->end);

    if (outcome->has_result)
        end = outcome->success ? "reported success" : "reported failure";
    return alloc_format("the client made %zu request%s%s%s", count,
                        count == 1 ? "" : "s",
                        outcome->has_result ? " and " : "; ", end);
}

/* Ended by its limit, though no decide failed: by a wait that no law bounds. */
static bool waited_on(const struct record *record)
{
    return record->undecided == NULL && record->outcome.end == CLIENT_TIMED_OUT;
}

/* Nor does a machine that held the reference client up show anything of a
 * scenario. */
static bool shows_broken(const struct trial_result *control)
{
    return control->verdict->kind == VERDICT_NOT_EXERCISED &&
           trial_result_lacks(control) == NULL && !lateness_held_up(control) &&
           (control->record == NULL || !waited_on(control->record));
}

/* The trial's verdict now says what the client did, and what the reference
 * client did in its place. */
static void decide(struct trial_result       *trial,
                   const struct trial_result *control)
{
    struct verdict *verdict = trial->verdict;
    char           *was = verdict->reason;
    const char     *other = control->verdict->reason;
    char           *did = what_it_did(trial->record);

    if (other == NULL)
        other = verdict_name(control->verdict->kind);
    else if (strcmp(other, was) == 0)
        other = "the same";
    verdict->reason = NULL;
    verdict_decide(
        verdict, shows_broken(control) ? VERDICT_BROKEN : VERDICT_NOT_EXERCISED,
        "%.400s: %.100s; with the reference client: %.400s", was, did, other);
    alloc_free(was);
    alloc_free(did);
}

/* Of a control that was interrupted some trials are not there. */
static void hear(struct run *run, const struct run *control)
{
    size_t next = 0;

    for (size_t i = 0; i < run->trial_count; i++)
        if (next < control->trial_count && is_in_question(&run->trials[i]) &&
            control->trials[next].plan == run->trials[i].plan)
            decide(&run->trials[i], &control->trials[next++]);
}

bool control_run(const struct suite_setup *setup, struct run *run,
                 struct err *err)
{
    char *folder = alloc_format("%s/sdks/reference", file_share_dir());
    struct manifest     *reference = NULL;
    struct selection     selection = {0};
    struct suite_setup   control = *setup;
    struct suite_outcome came = {0};
    struct run          *heard = run_new();
    bool                 ok = true;

    select_plans(run, &selection);
    if (selection.count == 0)
        goto out;
    ok =
        manifest_read(folder, &setup->manifest->profile, NULL, &reference, err);
    control.manifest = reference;
    control.lanes = NULL; /* its contract is another */
    control.selection = &selection;
    control.records_dir = NULL;
    ok = ok && suite_run(&control, heard, &came, err);
    if (ok)
        hear(run, heard);
out:
    run_free(heard);
    selection_clear(&selection);
    manifest_free(reference);
    alloc_free(folder);
    return ok;
}

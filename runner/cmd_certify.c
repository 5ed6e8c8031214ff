/* SPDX-License-Identifier: Apache-2.0 */
/* retrial certify: the main job. Scenarios, a client, trials, reports. */

#include "common/alloc.h"
#include "common/clock.h"
#include "runner/command.h"
#include "runner/conclusion.h"
#include "runner/documents.h"
#include "runner/known.h"
#include "runner/options.h"
#include "runner/proving.h"
#include "runner/suite/control.h"
#include "runner/suite/suite.h"
#include "runner/trial/contract.h"
#include "runner/trial/interrupt.h"
#include "runner/trial/limits.h"

#include <stdio.h>

#define BIT(option) (UINT32_C(1) << (option))

/* All flags but those of a scenario that is played by hand. */
static const uint32_t allowed =
    ~(BIT(OPTION_PORT) | BIT(OPTION_RECORD) | BIT(OPTION_QUIET));

static char *join_command(const struct manifest *manifest)
{
    struct bytes text;

    bytes_init(&text, 1 << 16);
    for (size_t i = 0; manifest->command[i] != NULL; i++)
        bytes_format(&text, "%s%s", i > 0 ? " " : "", manifest->command[i]);
    return bytes_take(&text);
}

static void open_run(struct run *run, const struct options *options,
                     const struct suite_setup *setup)
{
    const struct manifest *manifest = setup->manifest;

    run->client = alloc_text(manifest->name);
    run->command = join_command(manifest);
    run->profile = manifest->profile;
    run->profile_base = manifest->profile_base;
    run->seed = options->seed;
    run->clock = alloc_text(trial_clock_name(setup->trial_clock));
    run->whole = options->argument_count == 0 && options->shard.count == 0;
    run->strict = options->given[OPTION_STRICT];
    run->started_wall_s = clock_wall_ns(clock_real()) / NS_PER_S;
    run->jobs = (unsigned)options->jobs;
}

/* The user's wish first, then our own fault. */
static enum exit_code conclude(const struct run           *run,
                               const struct suite_outcome *outcome)
{
    if (run->interrupted)
        return (enum exit_code)(EXIT_SIGNAL + interrupt_came());
    return outcome->ours ? EXIT_OURS : conclusion_of(run);
}

static bool something_ran(const struct run      *run,
                          const struct manifest *manifest, struct err *err)
{
    struct totals totals = run_totals(run);

    if (totals.lacking < totals.trials || run->interrupted)
        return true;
    return err_set(err, ERR_USAGE, manifest->name,
                   "no trial ran: all %u selected scenarios need what this "
                   "client or its clock lacks (the first needs %s)",
                   totals.trials, trial_result_lacks(&run->trials[0]));
}

/* The reports are there; a record that is not is an error all the same. */
static bool records_kept(const struct suite_outcome *outcome,
                         const struct options *options, struct err *err)
{
    return outcome->unkept_count == 0 ||
           err_set(err, outcome->unkept.code, outcome->unkept.place,
                   "%s (%zu record%s of this run could not be kept in %s)",
                   outcome->unkept.text, outcome->unkept_count,
                   outcome->unkept_count == 1 ? "" : "s",
                   options->text[OPTION_RECORDS]);
}

/* The faults are proved beside the trials. */
static bool run_and_prove(const struct suite_setup *setup, struct run *run,
                          struct suite_outcome *outcome, struct err *err)
{
    struct proving *proving = proving_start(setup->selection, setup->manifest);
    bool            ok = suite_run(setup, run, outcome, err) &&
              (outcome->interrupted || control_run(setup, run, err));

    if (!ok)
        proving_stop(proving);
    else if (proving_finish(proving, run))
        outcome->ours = true;
    interrupt_stop();
    run->interrupted = interrupt_came() != 0;
    return ok;
}

static bool before_any_trial(enum exit_code *exit_code)
{
    fprintf(stderr, "retrial: interrupted before any trial\n");
    *exit_code = (enum exit_code)(EXIT_SIGNAL + interrupt_came());
    return true;
}

static bool certify(int argc, char **argv, enum exit_code *exit_code,
                    struct err *err)
{
    struct options        options;
    struct manifest      *manifest = NULL;
    struct script        *script = NULL;
    struct selection      selection = {0};
    struct run           *run = run_new();
    struct suite_setup    setup = {0};
    struct suite_outcome  outcome;
    struct lanes         *lanes = NULL;
    struct watch         *watch = NULL;
    enum trial_clock_kind trial_clock = TRIAL_CLOCK_REAL;
    int64_t               started_ns = clock_now_ns(clock_real());
    bool                  ok;

    ok = options_parse(argc, argv, allowed, &options, err) &&
         documents_check(&options, err) &&
         options_manifest(&options, &manifest, err) &&
         trial_clock_choose(&options.trial_clock, manifest->contract,
                            &trial_clock, err) &&
         options_script(&options, &script, err) &&
         known_check(manifest, script, &options, err) &&
         scenarios_select(script, options.arguments, options.argument_count,
                          &options.shard, &selection, err) &&
         limits_open_up(err);
    if (ok && manifest->contract->lives_on)
        lanes = lanes_new(manifest);
    if (!ok)
        goto out;
    interrupt_start();
    ok = watch_start(&watch, err) &&
         suite_preflight(manifest, lanes, watch, options.seed, err);
    if (interrupt_came() != 0 && !(watch && watch_meddled(watch, err))) {
        ok = before_any_trial(exit_code);
        goto out;
    }
    if (!ok)
        goto out;
    setup = (struct suite_setup){
        .manifest = manifest,
        .lanes = lanes,
        .watch = watch,
        .script = script,
        .selection = &selection,
        .records_dir = options.text[OPTION_RECORDS],
        .jobs = (unsigned)options.jobs,
        .seed = options.seed,
        .trial_clock = trial_clock,
    };
    open_run(run, &options, &setup);
    ok = run_and_prove(&setup, run, &outcome, err);
    watch_stop(watch);
    watch = NULL;
    if (!ok)
        goto out;
    run->wall_ns = clock_now_ns(clock_real()) - started_ns;
    known_apply(run, manifest, selection.whole && !run->interrupted);
    *exit_code = conclude(run, &outcome);
    ok = something_ran(run, manifest, err) &&
         documents_write(&options, run, err) &&
         records_kept(&outcome, &options, err);
out:
    watch_stop(watch);
    interrupt_stop();
    lanes_free(lanes);
    run_free(run);
    selection_clear(&selection);
    script_close(script);
    manifest_free(manifest);
    return ok;
}

const struct command cmd_certify = {
    .name = "certify",
    .synopsis = "[PATTERN...] [FLAG...]",
    .about = "put a client on trial, rule by rule",
    .flags = &allowed,
    .run = certify,
};

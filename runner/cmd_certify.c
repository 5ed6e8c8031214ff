/* SPDX-License-Identifier: Apache-2.0 */
/* retrial certify: the main job. Scenarios, a client, trials, reports. */

#include "common/alloc.h"
#include "common/clock.h"
#include "runner/also.h"
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
#include "runner/trial/profile_file.h"

#include <stdio.h>

/* What a run is made of. */
struct certification {
    const struct options *options;
    int64_t               started_ns;
    struct manifest      *manifest;
    struct profile        also; /* where --also-profile names one */
    struct script        *script;
    struct selection      selection;
    struct lanes         *lanes; /* of a client that lives on; else NULL */
    struct watch         *watch;
    struct suite_setup    setup;
    struct suite_outcome  outcome;
    struct run           *run;
};

/* The client, its clock, the scenarios: all that the flags name. */
static bool gather(struct certification *it, struct err *err)
{
    const struct options *options = it->options;

    return documents_check(options, err) &&
           options_manifest(options, &it->manifest, err) &&
           (!options->given[OPTION_ALSO_PROFILE] ||
            profile_find(&it->also, options->text[OPTION_ALSO_PROFILE], err)) &&
           trial_clock_choose(&options->trial_clock, it->manifest->contract,
                              &it->setup.trial_clock, err) &&
           options_script(options, &it->manifest->profile, &it->script, err) &&
           known_check(it->manifest, it->script, options, err) &&
           scenarios_select(it->script, options->arguments,
                            options->argument_count, &options->shard,
                            &it->selection, err) &&
           limits_open_up(err);
}

/* From here on a signal of the user's ends the run, not the process. Before
 * any trial: can the client be run at all? */
static bool try_client(struct certification *it, struct err *err)
{
    bool ok;

    if (it->manifest->contract->lives_on)
        it->lanes = lanes_new(it->manifest);
    interrupt_start();
    ok = watch_start(&it->watch, err) &&
         suite_preflight(it->manifest, it->lanes, it->watch, it->options->seed,
                         err);
    it->run->interrupted =
        interrupt_came() != 0 &&
        !(it->watch != NULL && watch_meddled(it->watch, err));
    if (it->run->interrupted)
        fprintf(stderr, "retrial: interrupted before any trial\n");
    return ok || it->run->interrupted;
}

static char *join_command(const struct manifest *manifest)
{
    struct bytes text;

    bytes_init(&text, 1 << 16);
    for (size_t i = 0; manifest->command[i] != NULL; i++)
        bytes_format(&text, "%s%s", i > 0 ? " " : "", manifest->command[i]);
    return bytes_take(&text);
}

static void open_run(struct certification *it)
{
    const struct options  *options = it->options;
    const struct manifest *manifest = it->manifest;
    struct run            *run = it->run;

    run->client = alloc_text(manifest->name);
    run->command = join_command(manifest);
    run->profile = manifest->profile;
    run->profile_base = manifest->profile_base;
    run->seed = options->seed;
    run->clock = alloc_text(trial_clock_name(it->setup.trial_clock));
    run->whole = options->argument_count == 0 && options->shard.count == 0;
    run->strict = options->given[OPTION_STRICT];
    run->started_wall_s = clock_wall_ns(clock_real()) / NS_PER_S;
    run->jobs = (unsigned)options->jobs;
    it->setup = (struct suite_setup){
        .manifest = manifest,
        .lanes = it->lanes,
        .watch = it->watch,
        .script = it->script,
        .selection = &it->selection,
        .records_dir = options->text[OPTION_RECORDS],
        .jobs = (unsigned)options->jobs,
        .seed = options->seed,
        .trial_clock = it->setup.trial_clock,
    };
}

/* The trials; the faults are proved beside them. */
static bool run_and_prove(struct certification *it, struct err *err)
{
    struct suite_outcome *outcome = &it->outcome;
    struct proving       *proving = proving_start(&it->selection, it->manifest);
    bool                  ok = suite_run(&it->setup, it->run, outcome, err) &&
              (outcome->interrupted || control_run(&it->setup, it->run, err));

    if (!ok)
        proving_stop(proving);
    else if (proving_finish(proving, it->run))
        outcome->ours = true;
    interrupt_stop();
    it->run->interrupted = interrupt_came() != 0;
    watch_stop(it->watch);
    it->watch = NULL;
    it->run->wall_ns = clock_now_ns(clock_real()) - it->started_ns;
    return ok;
}

/* The user's wish first, then our own fault. */
static enum exit_code conclude(const struct certification *it)
{
    if (it->run->interrupted)
        return (enum exit_code)(EXIT_SIGNAL + interrupt_came());
    return it->outcome.ours ? EXIT_OURS : conclusion_of(it->run);
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
static bool records_kept(const struct certification *it, struct err *err)
{
    const struct suite_outcome *outcome = &it->outcome;

    return outcome->unkept_count == 0 ||
           err_set(err, outcome->unkept.code, outcome->unkept.place,
                   "%s (%zu record%s of this run could not be kept in %s)",
                   outcome->unkept.text, outcome->unkept_count,
                   outcome->unkept_count == 1 ? "" : "s",
                   it->setup.records_dir);
}

/* What another profile says of the same records; it decides nothing. */
static bool report_also(const struct certification *it, struct err *err)
{
    struct run *other;
    bool        ok;

    if (!it->options->given[OPTION_ALSO_PROFILE])
        return true;
    if (!it->options->given[OPTION_TAP])
        printf("\n---- the same records, by the profile %s ----\n\n",
               it->also.name);
    other = run_new();
    ok = also_judge(it->run, it->script, &it->also, other, err) &&
         documents_write(it->options, other, it->also.name, err);
    also_free(other);
    return ok;
}

static bool report(const struct certification *it, struct err *err)
{
    known_apply(it->run, it->manifest,
                it->selection.whole && !it->run->interrupted);
    return something_ran(it->run, it->manifest, err) &&
           documents_write(it->options, it->run, NULL, err) &&
           report_also(it, err) && records_kept(it, err);
}

static void clear(struct certification *it)
{
    watch_stop(it->watch);
    interrupt_stop();
    lanes_free(it->lanes);
    run_free(it->run);
    selection_clear(&it->selection);
    script_close(it->script);
    manifest_free(it->manifest);
}

static bool certify(const struct options *options, enum exit_code *exit_code,
                    struct err *err)
{
    struct certification it = {.options = options,
                               .run = run_new(),
                               .started_ns = clock_now_ns(clock_real())};
    bool                 ok = gather(&it, err) && try_client(&it, err);

    if (ok && !it.run->interrupted) {
        open_run(&it);
        ok = run_and_prove(&it, err) && report(&it, err);
    }
    if (ok)
        *exit_code = conclude(&it);
    clear(&it);
    return ok;
}

const struct command cmd_certify = {
    .name = "certify",
    .synopsis = "[PATTERN...] [FLAG...]",
    .about = "put a client on trial, rule by rule",
    /* All but those of a scenario that is played by hand. */
    .flags = ~(OPTION_BIT(OPTION_PORT) | OPTION_BIT(OPTION_RECORD) |
               OPTION_BIT(OPTION_QUIET)),
    .run = certify,
};

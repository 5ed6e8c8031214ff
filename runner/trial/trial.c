/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trial/trial.h"

#include "common/alloc.h"
#include "common/clock.h"
#include "judge/judge.h"
#include "runner/trial/session.h"

#include <stdio.h>

enum { PLAN_TEXT_BYTES_MAX = 4 << 20 };

void trial_open_record(const struct trial_setup *setup,
                       const struct clock *clock, struct record *record)
{
    struct bytes text;
    cJSON       *profile = profile_to_json(&setup->manifest->profile);
    char        *printed = cJSON_PrintUnformatted(profile);

    bytes_init(&text, PLAN_TEXT_BYTES_MAX);
    plan_print(setup->plan, &text);
    record->plan_id = alloc_text(setup->plan->id);
    record->plan_text = bytes_take(&text);
    record->client = alloc_text(setup->manifest->name);
    record->profile = alloc_text(printed);
    record->clock = alloc_text(trial_clock_name(setup->trial_clock));
    record->seed = setup->seed;
    record->started_wall_s = clock_wall_ns(clock) / NS_PER_S;
    cJSON_free(printed);
    cJSON_Delete(profile);
}

/* A client that asked for nothing and said nothing was never on trial. */
static bool never_ran(const struct record *record)
{
    return record->attempt_count == 0 && !record->outcome.has_result &&
           record->outcome.end != CLIENT_BY_HAND;
}

static void say_why_not_run(const struct record *record,
                            struct verdict      *verdict)
{
    const struct client_outcome *outcome = &record->outcome;
    char                         how[64] = "";

    if (outcome->end == CLIENT_EXITED)
        snprintf(how, sizeof how, " (exit code %d)", outcome->exit_code);
    if (outcome->end == CLIENT_CRASHED)
        snprintf(how, sizeof how, " (signal %d)", outcome->signal);
    verdict_decide(verdict, VERDICT_INCONCLUSIVE,
                   "the client made no request; %s%s; %s",
                   client_end_meaning(outcome->end), how,
                   outcome->trouble ? outcome->trouble : "no result");
}

bool trial_was_served(const struct server *server, struct record *record,
                      struct err *err)
{
    if (!server_trouble(server, err))
        return true;
    if (err->code == ERR_SCENARIO)
        record->undecided = alloc_format("%s: %s", err->place, err->text);
    return err->code == ERR_SCENARIO;
}

bool trial_judge(const struct plan *plan, const struct profile *profile,
                 struct script *script, const struct record *record,
                 struct verdict *verdict, struct err *err)
{
    struct err failed = {0};
    bool       checked;

    if (record->undecided != NULL) { /* nobody was to be answered so */
        verdict_decide(verdict, VERDICT_NOT_EXERCISED,
                       "the scenario's decide fails: %s", record->undecided);
        return true;
    }
    if (never_ran(record))
        say_why_not_run(record, verdict);
    judge_record(plan, profile, record, verdict);
    script_take_profile(script, profile);
    /* What a scenario asks of the whole is not asked of a part. */
    checked = record->outcome.end == CLIENT_CUT_OFF ||
              script_check(script, plan, record, verdict, &failed);
    if (!checked && failed.code == ERR_SCENARIO)
        verdict_cut(verdict, VERDICT_NOT_EXERCISED,
                    "the scenario's check fails: %s: %s", failed.place,
                    failed.text);
    else if (!checked)
        *err = failed;
    verdict_settle(verdict, plan);
    return checked || failed.code == ERR_SCENARIO;
}

bool trial_run(const struct trial_setup *setup, struct record *record,
               struct verdict *verdict, struct err *err)
{
    struct session session;
    bool           ok = false;

    if (!session_start_time(&session, setup, record, err))
        goto out;
    trial_open_record(setup, session.clock, record);
    if (!session_start_server(&session, err) ||
        !session_start_clients(&session, err))
        goto out;
    session_wait_until_quiet(&session);
    session_read_noise(&session, verdict);
    session_stop_clients(&session);
    if (!trial_was_served(session.server, record, err))
        goto out;
    session_stop_server(&session);
    ok = trial_judge(setup->plan, &setup->manifest->profile, setup->script,
                     record, verdict, err);
out:
    session_close(&session);
    return ok;
}

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_TRIAL_TRIAL_H
#define RUNNER_TRIAL_TRIAL_H

/* One trial, the whole way: plan -> server and client -> record -> verdict.
 * Runs in a process of its own (worker.h), so that a crash, a leak or a
 * client's daemon costs this trial only. */

#include "common/clock.h"
#include "common/err.h"
#include "lua/script.h"
#include "model/record.h"
#include "model/verdict.h"
#include "runner/trial/trial_setup.h"
#include "server/server.h"

/* Fills record and verdict; false: Retrial or the scenario is at fault, and
 * err says how. */
bool MUST_USE trial_run(const struct trial_setup *setup, struct record *record,
                        struct verdict *verdict, struct err *err);

/* Notes in the record what kept the scenario from saying what to answer.
 * False: something else kept the server from answering. */
bool MUST_USE trial_was_served(const struct server *server,
                               struct record *record, struct err *err);

/* Judges what is recorded: checks, the scenario's own check, the weighing.
 * False: a fault of Retrial's own. */
bool MUST_USE trial_judge(const struct plan    *plan,
                          const struct profile *profile, struct script *script,
                          const struct record *record, struct verdict *verdict,
                          struct err *err);

/* The record's head: everything that is known before the first attempt. */
void trial_open_record(const struct trial_setup *setup,
                       const struct clock *clock, struct record *record);

#endif

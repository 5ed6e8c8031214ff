/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_SUITE_CONTROL_H
#define RUNNER_SUITE_CONTROL_H

/* Who is to blame for a trial that was not exercised: the client, or the
 * scenario?
 *
 * Nothing that a client under test does can tell. So each such trial is run
 * once more with the bundled reference client, under the profile that this
 * client speaks. If that does not exercise it either, the scenario is broken;
 * whatever else comes of it, the scenario is not, and the trial stays what it
 * was. A client that lacks what a scenario needs is no question. */

#include "common/err.h"
#include "model/run.h"
#include "runner/suite/suite.h"

/* setup is that of the run. The verdicts of its trials that were not exercised
 * say afterwards what came of it. */
bool MUST_USE control_run(const struct suite_setup *setup, struct run *run,
                          struct err *err);

#endif

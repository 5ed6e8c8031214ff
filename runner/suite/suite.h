/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_SUITE_SUITE_H
#define RUNNER_SUITE_SUITE_H

/* Many trials: which run, how many at once, what became of each. */

#include "common/err.h"
#include "model/run.h"
#include "runner/suite/lanes.h"
#include "runner/suite/suite_setup.h"
#include "runner/suite/watch.h"
#include "runner/trial/manifest.h"

#include <stdbool.h>
#include <stdint.h>

/* Runs every selected plan for which nothing is lacking, and adds it to the
 * run. False, too: the client has meddled with us (ERR_CLIENT). */
bool MUST_USE suite_run(const struct suite_setup *setup, struct run *run,
                        struct suite_outcome *outcome, struct err *err);

/* Asks the client to deliver one event, before any trial: a client that
 * cannot be run is one clear error (ERR_CLIENT), not one a trial. What it says
 * of its capabilities is added to the manifest. */
bool MUST_USE suite_preflight(struct manifest *manifest, struct lanes *lanes,
                              struct watch *watch, uint64_t seed,
                              struct err *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_TRIAL_TRIAL_SETUP_H
#define RUNNER_TRIAL_TRIAL_SETUP_H

/* What a trial is made of. */

#include "lua/script.h"
#include "model/plan.h"
#include "runner/trial/lane.h"
#include "runner/trial/manifest.h"
#include "runner/trial/trial_clock.h"
#include "server/keys/keys.h"

#include <stdint.h>

struct trial_setup { /* all borrowed */
    const struct plan     *plan;
    const struct manifest *manifest;
    struct script         *script;
    uint64_t               seed;
    enum trial_clock_kind  trial_clock;
    const struct lane     *lanes; /* of contract stdio: one a client */
    struct keys            keys; /* as far as the plan has a use for them */
};

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_SUITE_SUITE_SETUP_H
#define RUNNER_SUITE_SUITE_SETUP_H

/* What a suite is made of, and what its owner learns beside the run. */

#include "common/err.h"
#include "runner/suite/lanes.h"
#include "runner/suite/scenarios.h"
#include "runner/suite/watch.h"
#include "runner/trial/manifest.h"
#include "runner/trial/trial_clock.h"
#include <stdbool.h>
#include <stdint.h>

struct suite_setup { /* all borrowed */
    const struct manifest  *manifest;
    struct lanes           *lanes; /* of contract stdio; else NULL */
    struct watch           *watch;
    struct script          *script;
    const struct selection *selection;
    const char             *records_dir; /* NULL = records are not kept */
    unsigned                jobs;        /* 0 = by load */
    uint64_t                seed;
    enum trial_clock_kind   trial_clock;
};

struct suite_outcome {
    bool interrupted; /* Ctrl-C: what had not ended is left out of the run */
    bool ours;        /* a trial broke by a fault of Retrial's own */
    struct err unkept; /* why the first record that was lost was so */
    size_t     unkept_count; /* how often one was lost */
};

#endif

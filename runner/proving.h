/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_PROVING_H
#define RUNNER_PROVING_H

/* The proofs that a run's verdicts rest on. A few processes beside the trials
 * prove each fault that their plans name, so that it costs no time of its own;
 * what does not hold there, or was asked for while serving, is proved (again)
 * alone when the trials are over. What does not hold then either is our own
 * fault: no verdict of a trial in which it was played stands. */

#include "model/run.h"
#include "runner/suite/scenarios.h"
#include "runner/trial/manifest.h"

#include <stdbool.h>

struct proving;

struct proving *proving_start(const struct selection *selection,
                              const struct manifest  *manifest);
/* Puts the proofs into the run and takes away the verdicts that rest on what
 * does not hold; true if there are such. Interrupted, it is content with what
 * has been proved. Takes proving. */
bool proving_finish(struct proving *proving, struct run *run);
/* Ends it where it stands: nobody wants to know any more. NULL is fine. */
void proving_stop(struct proving *proving);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_KNOWN_H
#define RUNNER_KNOWN_H

/* Expected failures: a trial all of whose breaches are expected does not
 * count against the client; an expectation that no longer holds does, so that
 * a list of known failures cannot outlive them.
 *
 * One that names a scenario must fail whenever that trial ran. One that is a
 * glob must fail in at least one trial it matches; that is asked only of a
 * whole run, since a part may hold none of them. */

#include "model/run.h"
#include "runner/options.h"
#include "runner/trial/manifest.h"

/* Each names a scenario of the script, or matches one, or else one of ours: a
 * run of single files, or of another folder, does not load those. */
bool MUST_USE known_check(const struct manifest *manifest,
                          const struct script   *script,
                          const struct options *options, struct err *err);

void known_apply(struct run *run, const struct manifest *manifest, bool whole);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_TRIAL_LIMITS_H
#define RUNNER_TRIAL_LIMITS_H

/* What the process may have of descriptors and memory, against what a run
 * needs: said once, before the trials, and not by each of them. */

#include "common/err.h"

/* Raises what may be raised; false: a limit is too low, which, and how it is
 * raised (ERR_MACHINE). */
bool MUST_USE limits_open_up(struct err *err);

/* In a client to be: it has the limits that a user gave us. */
void limits_put_back(void);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_JUDGE_H
#define JUDGE_JUDGE_H

/* plan + profile + record -> verdict; pure: no clock, no socket, no file.
 *
 * Every check judges every trial in which it has something to judge: what the
 * client received (the record), what it was given (the plan) and what a right
 * client does (the profile) decide, not the name of the scenario. The same
 * record gives the same verdict for ever. */

#include "judge/check_info.h"
#include "model/plan.h"
#include "model/profile.h"
#include "model/record.h"
#include "model/verdict.h"

#include <stddef.h>

/* Runs every check; the caller adds what a scenario's own check finds and
 * then calls verdict_settle. */
void judge_record(const struct plan *plan, const struct profile *profile,
                  const struct record *record, struct verdict *verdict);

/* The checks, for `list checks`, `explain` and docs/checks.md. */
const struct check_info *judge_check(size_t index); /* NULL = no more */

#endif

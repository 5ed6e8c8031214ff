/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_ALSO_H
#define RUNNER_ALSO_H

/* The records of a run, judged by another profile too: no second run. */

#include "common/err.h"
#include "lua/script.h"
#include "model/run.h"

#include <stdbool.h>

/* Fills other, an empty run: its trials borrow the records of run. */
bool MUST_USE also_judge(const struct run *run, struct script *script,
                         const struct profile *profile, struct run *other,
                         struct err *err);
/* Frees it, but for what it borrowed. */
void also_free(struct run *other);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_FAMILIES_H
#define RUNNER_FAMILIES_H

/* The scenarios that are there to exercise a rule, as people would name them:
 * few by their ids, many as patterns that `certify` takes, with how many of a
 * pattern's scenarios they are. */

#include "lua/script.h"
#include "model/rule.h"

/* A line each, behind label on the first. */
void families_print(const struct script *script, const struct rule *rule,
                    const char *label);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_OPEN_RULES_H
#define MODEL_OPEN_RULES_H

/* Which rules a profile has nothing to say of: those are not judged under it,
 * and a report says so. */

#include "model/profile.h"
#include "model/rule.h"

#include <stdbool.h>

bool profile_leaves_open(const struct profile *profile, enum rule_id rule_id);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_TRIAL_PROFILE_FILE_H
#define RUNNER_TRIAL_PROFILE_FILE_H

/* A profile by its name (a built-in one) or as a file: what holds a slash or
 * ends in .json is a file. A file extends a built-in one, or another file
 * beside it. */

#include "common/err.h"
#include "model/profile_load.h"

#include <stdbool.h>

bool MUST_USE profile_find(struct profile *profile, const char *name,
                           struct err *err);
/* ... as the file at place names it: a file is looked for beside that one. */
bool MUST_USE profile_find_beside(struct profile *profile, const char *name,
                                  const char *place, struct err *err);
/* ... with the sources of its values, which are yours to clear. */
bool MUST_USE profile_find_sourced(struct profile         *profile,
                                   struct profile_sources *sources,
                                   const char *name, struct err *err);

#endif

#ifndef RUNNER_LATE_H
#define RUNNER_LATE_H

/* Does the blame in a trial rest on lateness? */

#include "model/profile.h"
#include "model/run.h"

#include <stdbool.h>

/* Some of what was found would not be, had the trial's noise been endless. */
bool late_in_it(const struct trial *trial, const struct profile *profile);

#endif

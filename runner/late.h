#ifndef RUNNER_LATE_H
#define RUNNER_LATE_H

/* Does the blame in a trial rest on lateness, the client's or the machine's? */

#include "model/profile.h"
#include "model/run.h"

#include <stdbool.h>

/* Some of what was found would not be, had the trial's noise been endless. Or
 * the noise was a good part of the client's request timeout: it may have given
 * up what was under way, and each attempt too many follows from that. */
bool late_in_it(const struct trial *trial, const struct profile *profile);

#endif

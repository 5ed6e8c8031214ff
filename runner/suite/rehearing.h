/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_SUITE_REHEARING_H
#define RUNNER_SUITE_REHEARING_H

/* What a crowd of trials, or the noise, has left open is asked again when
 * nothing else runs; what is still open then is said to be. */

#include "runner/suite/under_way.h"

bool MUST_USE rehearing_settle(struct suite *suite, struct err *err);

/* Of a run that is given up: nothing is said of a trial that was to be heard
 * alone, and has not been. */
void rehearing_unsay(struct suite *suite);

#endif

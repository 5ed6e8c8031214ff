/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_TRIAL_RESULT_H
#define RUNNER_TRIAL_RESULT_H

/* What a client says of itself on stdout: its last JSON value, which may span
 * lines and must hold `success`. Everything else is advisory. Pure. */

#include "model/record.h"

#include <stdbool.h>
#include <stddef.h>

enum { RESULT_BYTES_MAX = 4 << 20 }; /* with all that is printed before it */

/* Fills what the outcome has of it; false: it has none, and why. */
bool result_parse(struct client_outcome *outcome, const char *text,
                  size_t length_bytes);
/* Of one line: that object and nothing else. */
bool result_parse_line(struct client_outcome *outcome, const char *line,
                       size_t length_bytes);

#endif

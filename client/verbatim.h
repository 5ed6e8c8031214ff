/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_VERBATIM_H
#define CLIENT_VERBATIM_H

/* JSON as it was written, less the space between its tokens.
 *
 * What cJSON prints may not be what it read: numbers pass through a double
 * (9007199254740993 becomes ...992) and text ends at \u0000. So cJSON says
 * whether a text is JSON and finds fields in it; what is sent is the
 * application's own text. Where cJSON is more lenient than RFC 8259 this copy
 * is not, for one event that no server can read would spoil its whole batch:
 * numbers like 01, 1. or -.5, control characters in strings, and other
 * characters than the four between tokens are refused. */

#include "common/bytes.h"
#include "common/err.h"

/* json: a text that cJSON took. False when it is none for others; err says
 * what was found, and at which byte. */
bool MUST_USE verbatim_copy(const char *json, struct bytes *out,
                            struct err *err);

#endif

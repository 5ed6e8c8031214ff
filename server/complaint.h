/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_COMPLAINT_H
#define SERVER_COMPLAINT_H

/* What libmicrohttpd says to its log when it refuses a request itself (400,
 * 413, 414, 431, 505 ...). It is the only place where it says why. */

#include "model/record.h"

#include <stdbool.h>

enum { COMPLAINT_MAX = 256 };

/* Reads a line of its log, "Error processing request (HTTP response code is
 * 400 ('<html>...</html>')). Closing connection.", into a sentence for people.
 * False: the line is about something else. */
bool complaint_read(const char *line, char text[COMPLAINT_MAX]);
/* What was wrong with the request, by that sentence. VIOLATION_OTHER: it met a
 * bound of ours. */
enum violation_kind complaint_kind(const char *text);

#endif

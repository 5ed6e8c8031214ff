/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORTS_RAW_H
#define REPORTS_RAW_H

/* The first bytes of a request that was wrong, on one line for people: what is
 * no text stands as \r \n \t \0 or \x7f. Where secrets are masked, credentials
 * are too, and it ends with the head: a body may be packed, or be the request
 * for a token. */

#include "reports/mask.h"

#include <stddef.h>

/* So many of a trial's attempts are shown to people. */
enum { RAW_SHOWN = 3 };

char *raw_line(struct mask *mask, const char *data, size_t length_bytes);

#endif

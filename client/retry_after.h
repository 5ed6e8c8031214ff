/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_RETRY_AFTER_H
#define CLIENT_RETRY_AFTER_H

/* Retry-After (RFC 9110, 10.2.3), read as strictly as it was written down.
 *
 * Pure: the raw values of every instance of the header and the wall clock in,
 * a wait out. A value is decimal digits, or an HTTP-date in any of the three
 * forms; space around it belongs to the header line and not to the value.
 *
 * Everything else is as if the header were absent, and then the ordinary
 * backoff protects the server: zero, a sign, a fraction, junk after the
 * number, nothing at all, more digits than an int64 holds, a date that is not
 * ahead, two instances that differ. Libraries that are kinder than that turn
 * "-5" or "1.5" into a retry that comes too early. Where a policy has decimals
 * taken, they are a wait, to the nanosecond. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A number may be larger than any wait; it is taken as this, ten years. The
 * cap that the policy sets (300 s) is the policy's (retry.h). */
#define RETRY_AFTER_MAX_S (INT64_C(10) * 366 * 86400)

/* The wait in ns, 0 = as if absent. The wait for a date is rounded up to a
 * whole second, for dates have no smaller unit and the server may have cut
 * off a part of one when it wrote it. */
int64_t retry_after_ns(const char *const *values, size_t count,
                       int64_t wall_now_ns, bool takes_decimals);
/* The same of a field that says it in ms; 0 = as if it were not there. */
int64_t retry_after_ms_ns(const char *value, bool takes_decimals);

#endif

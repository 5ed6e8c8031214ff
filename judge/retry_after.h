/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_RETRY_AFTER_H
#define JUDGE_RETRY_AFTER_H

/* What a Retry-After says, read as RFC 9110 (10.2.3) has it, and what a right
 * client may make of one that says nothing.
 *
 * Exactly one field, OWS trimmed, digits or an HTTP-date, is a wait. All else
 * may be taken as absent, and some of it also as the nearest thing it could
 * have meant; then both are right, and the readings are a range. */

#include "model/profile.h"
#include "model/record.h"

#include <stdbool.h>
#include <stdint.h>

enum retry_after_kind {
    RETRY_AFTER_NOTHING, /* no such header */
    RETRY_AFTER_WAIT,    /* a number of seconds */
    RETRY_AFTER_DATE,    /* a date to come: honoured, or taken as absent */
    RETRY_AFTER_ZERO,    /* 0 */
    RETRY_AFTER_JUNK,    /* anything else */
};

struct retry_after_value {
    enum retry_after_kind kind;
    bool                  may_be_zero; /* clamped to no wait at all */
    bool                  may_wait; /* between these two, capped already: */
    int64_t               least_ns;
    int64_t               most_ns;
    bool                  over_cap; /* it asked for more than the cap */
    const char           *value; /* the first field, borrowed; NULL = none */
    size_t                fields;
    bool                  in_ms; /* it is of the profile's own fields */
};

/* A wait is clamped to the cap, where the profile says so. The profile's own
 * fields in ms, the first that holds a number, go before Retry-After; where
 * this status's are not read, behind it. */
struct retry_after_value retry_after_read(const struct attempt *attempt,
                                          int64_t               cap_ns,
                                          const struct profile *profile);

#endif

#ifndef JUDGE_RETRY_AFTER_H
#define JUDGE_RETRY_AFTER_H

/* What a Retry-After says, read as RFC 9110 (10.2.3) has it, and what a right
 * client may make of one that says nothing.
 *
 * Exactly one field, OWS trimmed, digits or an HTTP-date, is a wait. All else
 * may be taken as absent, and some of it also as the nearest thing it could
 * have meant; then both are right, and the readings are a range. */

#include "model/header.h"

#include <stdbool.h>
#include <stdint.h>

enum told_kind {
    TOLD_NOTHING, /* no such header */
    TOLD_WAIT,    /* a number of seconds */
    TOLD_DATE,    /* a date to come: honoured, or taken as absent */
    TOLD_ZERO,    /* 0 */
    TOLD_JUNK,    /* anything else */
};

struct told {
    enum told_kind kind;
    bool           may_be_zero; /* clamped to no wait at all */
    bool           may_wait;    /* between these two, capped already: */
    int64_t        least_ns;
    int64_t        most_ns;
    bool           over_cap; /* it asked for more than the cap */
    const char    *value;    /* the first field, borrowed; NULL = none */
    size_t         fields;
};

struct told told_read(const struct header_list *headers, int64_t answer_wall_s,
                      int64_t cap_ns);

#endif

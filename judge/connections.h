/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_CONNECTIONS_H
#define JUDGE_CONNECTIONS_H

/* What became of a trial's connections, read from the record once: a record
 * may have a hundred thousand attempts, and each of them may ask. */

#include "model/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct connections {
    struct kept { /* an attempt that was answered in full */
        unsigned connection;
        unsigned number; /* of the attempt */
    }     *kept; /* by connection, then number */
    size_t kept_count;
    /* The first that died idle, and the first of another connection; and what
     * came last, requests and connections that carried none. */
    struct outermost {
        int64_t  at_ns;
        unsigned connection;
        bool     known;
    } died[2], came[2];
};

void connections_init(struct connections  *connections,
                      const struct record *record);
void connections_clear(struct connections *connections);

/* The attempt came on a connection that had carried another, answered in
 * full, before. */
bool connections_kept(const struct connections *connections,
                      const struct attempt     *attempt);
/* Some other connection had died idle when the attempt arrived. */
bool connections_died(const struct connections *connections,
                      const struct attempt     *attempt);
/* Something came on another connection, or tried to, after that. */
bool connections_came(const struct connections *connections, int64_t after_ns,
                      unsigned connection);

#endif

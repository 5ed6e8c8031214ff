/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_UNSEEN_H
#define JUDGE_UNSEEN_H

/* Attempts that a client may have made and no record can hold, because a fault
 * struck before there was a request to read: a port that refuses, a connection
 * that is reset when it is accepted, a body that was cut off on our side, a
 * kept connection that died while it was idle. They cost a right client
 * retries and time, and nobody knows of which batch.
 *
 * Only the most there can have been is known. */

#include "judge/terms.h"
#include "model/record.h"

#include <stdbool.h>
#include <stdint.h>

enum { UNSEEN_NO_BOUND = 1000000 };

/* Moments, in order. */
struct moments {
    int64_t *at_ns;
    size_t   count;
};

/* When a record's faults struck, sorted once: a record may have a hundred
 * thousand attempts, and each of them is asked for what it did not see. */
struct unseen {
    struct moments struck; /* one request each, there and then */
    struct moments idle;   /* when connections died, that one each was sent on
                          * whenever the client came round to it */
    struct shut {
        int64_t from_ns;
        int64_t until_ns;
    }     *shuts; /* of the port: as many as you like */
    size_t shut_count;
};

void unseen_init(struct unseen *unseen, const struct record *record);
void unseen_clear(struct unseen *unseen);

/* A fault struck them between the two times; UNSEEN_NO_BOUND when as many as
 * you like. */
unsigned unseen_struck(const struct unseen *unseen, int64_t from_ns,
                       int64_t to_ns);
/* Sent on connections that had died idle by then: one each, whenever the
 * client comes round to it. */
unsigned unseen_idle(const struct unseen *unseen, int64_t until_ns);
/* Both. */
unsigned unseen_between(const struct unseen *unseen, int64_t from_ns,
                        int64_t to_ns);
/* The attempt itself is one: the fault struck before its body was whole, so
 * that nobody knows which batch it was. */
bool unseen_is(const struct attempt *attempt);
/* One of those that nobody saw was answered, and delivered by that; or with a
 * status at which a right client may end; so may it at a failure that the
 * profile does not have retried. */
bool unseen_delivered(const struct record *record, const struct terms *terms);
bool unseen_refused(const struct record *record, const struct terms *terms);

#endif

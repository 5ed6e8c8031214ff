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

/* A fault struck them between the two times; UNSEEN_NO_BOUND when as many as
 * you like. */
unsigned unseen_struck(const struct record *record, int64_t from_ns,
                       int64_t to_ns);
/* Sent on connections that had died idle by then: one each, whenever the
 * client comes round to it. */
unsigned unseen_idle(const struct record *record, int64_t until_ns);
/* Both. */
unsigned unseen_between(const struct record *record, int64_t from_ns,
                        int64_t to_ns);
/* The attempt itself is one: the fault struck before its body was whole, so
 * that nobody knows which batch it was. */
bool unseen_is(const struct attempt *attempt);
/* Some such attempt was answered all the same, with such a status. */
bool unseen_ended(const struct record *record, const struct terms *terms,
                  enum status_class what);

#endif

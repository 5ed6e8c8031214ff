/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_OUTCOME_H
#define CLIENT_OUTCOME_H

/* What came of one request: a complete answer with its status, or none and
 * the reason why. A closed set, so that nothing is unclassified. */

#include "common/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* enumerator, what happened, for reports */
#define TROUBLE_MAP(X)                                                         \
    X(TROUBLE_NONE, "a complete answer")                                       \
    X(TROUBLE_RESOLVE, "the host name could not be resolved")                  \
    X(TROUBLE_CONNECT, "no connection could be made")                          \
    X(TROUBLE_TLS, "no TLS session could be made")                             \
    X(TROUBLE_RESET, "the connection was reset")                               \
    X(TROUBLE_EMPTY, "the connection was closed without an answer")            \
    X(TROUBLE_CUT, "the answer was cut short")                                 \
    X(TROUBLE_GARBLED, "the answer was not HTTP")                              \
    X(TROUBLE_TIMEOUT, "no answer within the request timeout")                 \
    X(TROUBLE_STOPPED, "given up at the shutdown's deadline")                  \
    X(TROUBLE_OTHER, "the request failed")

enum trouble {
#define X(trouble, text) trouble,
    TROUBLE_MAP(X)
#undef X
};

const char *trouble_text(enum trouble trouble);

/* What an answer says of its own retry. */
enum override { OVERRIDE_NONE, OVERRIDE_RETRY, OVERRIDE_END };

enum {
    OUTCOME_RETRY_AFTER_MAX = 8,    /* header instances kept */
    OUTCOME_BODY_MAX = 64 * 1024,   /* bytes of the body kept */
};

/* What a policy reads of an answer beside its status and Retry-After. */
struct answer_fields {
    char  *ms[OUTCOME_RETRY_AFTER_MAX]; /* that say a wait in ms; yours */
    size_t ms_count;
    bool   takes_decimals; /* of a wait, in whichever field */
    char  *override; /* whose true and false decide; yours, NULL = none */
};

void answer_fields_clear(struct answer_fields *fields);

struct outcome {
    enum trouble trouble;
    int          status;        /* 0 unless trouble is TROUBLE_NONE */
    bool         reused;        /* on a connection kept from one before */
    int64_t      began_ns;      /* monotonic, when it was sent */
    int64_t      ended_ns;      /* monotonic, when it was known */
    int64_t      ended_wall_ns; /* the same, for HTTP-dates */
    struct bytes body;          /* for people and logs; decides nothing */

    /* Each Retry-After as it stood in the header, and what they say together
     * (retry_after.h): 0 = as if there were none. */
    char         *retry_after[OUTCOME_RETRY_AFTER_MAX];
    size_t        retry_after_count;
    int64_t       retry_after_ns;
    enum override override;
    int64_t ms_ns; /* what the first of the fields in ms says; 0 = none does */
};

void outcome_init(struct outcome *outcome);
void outcome_clear(struct outcome *outcome);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_EXCHANGE_H
#define SERVER_EXCHANGE_H

/* One request and what is played to it: the way from libmicrohttpd's callbacks
 * to an attempt in the record.
 *
 *   HEAD -> BODY -> (HELD -> DUE ->) ANSWERING  -> over
 *              \-------------\----> HIJACKED  -> over
 *
 * It opens the attempt when the head is whole, picks the step when the body
 * is (or before, for a fault that does not wait for it), waits for its delay,
 * and hands over to an answer or a fault. It owns the request's life: what is
 * below it, a connection or a hijacked one, tells it what has happened. There
 * is one way out, over(). */

#include "model/record.h"
#include "server/answer.h"
#include "server/arrival.h"
#include "server/body.h"
#include "server/choice.h"
#include "server/clock_step.h"
#include "server/connection.h"
#include "server/hijacked.h"
#include "server/response.h"
#include "server/timer.h"

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

enum exchange_state {
    EXCHANGE_HEAD,      /* the request line was read */
    EXCHANGE_BODY,      /* the attempt is open */
    EXCHANGE_HELD,      /* whole; waits for its delay, suspended */
    EXCHANGE_DUE,       /* waited; libmicrohttpd will call again */
    EXCHANGE_ANSWERING, /* libmicrohttpd has the answer */
    EXCHANGE_HIJACKED,  /* on a descriptor of its own */
    EXCHANGE_BROKEN,    /* given up; the connection is about to close */
};

/* What all exchanges of a server share. */
struct exchanges {
    /* Set by the owner. */
    struct core                *core;
    struct daemon              *daemon;
    const struct server_config *config;

    struct choices     choices;
    struct answers     answers;
    struct clock_steps clock_steps;
    int64_t            first_answer_ns; /* TIME_NEVER = not yet */
    bool               stopping;
};

struct exchange {
    struct exchanges   *shared;
    struct connection  *connection; /* NULL once hijacked */
    struct attempt     *attempt;    /* NULL until the head is whole */
    enum exchange_state state;
    enum answer_end     broken; /* EXCHANGE_BROKEN: what it ends as */
    struct arrival      arrival;
    struct body         body;
    struct step         decided; /* what a decide step filled */
    const struct step  *step;    /* to play; NULL = the default answer */
    struct response     response;
    struct timer        due; /* of its delay */
};

/* libmicrohttpd's callbacks. */
void *exchange_start(void *exchanges, const char *target,
                     struct MHD_Connection *mhd);
enum MHD_Result exchange_request(void *exchanges, struct MHD_Connection *mhd,
                                 const char *url, const char *method,
                                 const char *version, const char *upload,
                                 size_t *upload_bytes, void **context);
void exchange_completed(void *exchanges, struct MHD_Connection *mhd,
                        void **context, enum MHD_RequestTerminationCode code);

/* The rest is for faults. */

/* Whose hijacked connection it is, after a request. */
struct exchange *exchange_of(const struct hijacked *hijacked);
/* Makes the response of its step's answer. */
void exchange_make_response(struct exchange *exchange, bool close);
/* Gives up what came of the request; the caller ends the connection. */
void exchange_break(struct exchange *exchange, const char *format, ...)
    PRINTF_LIKE(2, 3);
/* Nothing will be sent: a hang begins now. */
void exchange_hanging(struct exchange *exchange);
/* An answer, or the end of the connection, is handed over now. */
void exchange_answering(struct exchange *exchange);

#endif

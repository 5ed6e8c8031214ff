#ifndef SERVER_EXCHANGE_H
#define SERVER_EXCHANGE_H

/* One request and what is played to it: the way from libmicrohttpd's callbacks
 * to an attempt in the record.
 *
 *   HEAD -> BODY -> (HELD -> DUE ->) ANSWERING  -> over
 *              \-------------\----> TAKEN     -> over
 *
 * It opens the attempt when the head is whole, picks the step when the body
 * is (or before, for a fault that does not wait for it), and hands over to an
 * answer, a hold or a fault. exchange_over is the one way out. */

#include "common/bytes.h"
#include "model/record.h"
#include "server/cursor.h"
#include "server/head.h"
#include "server/response.h"
#include "server/timer.h"

#include <gnutls/crypto.h>
#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

struct connection;
struct server;

enum exchange_state {
    EXCHANGE_HEAD,      /* the request line was read */
    EXCHANGE_BODY,      /* the attempt is open */
    EXCHANGE_HELD,      /* whole; waits for its delay, suspended */
    EXCHANGE_DUE,       /* waited; libmicrohttpd will call again */
    EXCHANGE_ANSWERING, /* libmicrohttpd has the answer */
    EXCHANGE_TAKEN,     /* on a descriptor of its own */
    EXCHANGE_BROKEN,    /* given up; the connection is about to close */
};

struct exchange {
    struct server      *server;
    struct connection  *connection; /* NULL once hijacked */
    struct attempt     *attempt;    /* NULL until the head is whole */
    enum exchange_state state;
    enum answer_end     broken; /* EXCHANGE_BROKEN: what it ends as */
    bool                ahead;  /* it was sent before the last was answered */

    char            *target;
    struct head      head; /* as it came; nothing, if it was sent ahead */
    int64_t          arrived_ns;
    struct bytes     body;
    gnutls_hash_hd_t hash;

    size_t             strike_bytes; /* of the body; then the fault strikes */
    struct step        decided; /* what a decide step filled */
    const struct step *step;    /* to play; NULL = the default answer */
    struct response    response;
    struct timer       due; /* of its delay */
};

/* libmicrohttpd's callbacks. */
void *exchange_start(void *server, const char *target,
                     struct MHD_Connection *mhd);
enum MHD_Result exchange_request(void *server, struct MHD_Connection *mhd,
                                 const char *url, const char *method,
                                 const char *version, const char *upload,
                                 size_t *upload_bytes, void **context);
void exchange_completed(void *server, struct MHD_Connection *mhd,
                        void **context, enum MHD_RequestTerminationCode code);

/* Some more of its body is here; false: it is too long, and broken. */
bool exchange_read(struct exchange *exchange, const char *data,
                   size_t length_bytes);
/* All of it is here. */
void exchange_whole(struct exchange *exchange);
/* Makes the response of its step's answer. */
void exchange_make_response(struct exchange *exchange, bool close);
/* Gives up what came of the request; the caller ends the connection. */
void exchange_break(struct exchange *exchange, const char *format, ...)
    PRINTF_LIKE(2, 3);
/* Nothing will be sent: a hang begins now. */
void exchange_hanging(struct exchange *exchange);
/* An answer, or the end of the connection, is handed over now. */
void exchange_answering(struct exchange *exchange);
/* The attempt ended like this; frees the exchange. */
void exchange_over(struct exchange *exchange, enum answer_end end);

#endif

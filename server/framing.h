/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_FRAMING_H
#define SERVER_FRAMING_H

/* What is wrong with the frame of a request: the fields that say where it
 * ends, whom it is for and who sends it. libmicrohttpd lets most of this
 * through; a client that sends it is told. */

#include "model/record.h"

#include <stdbool.h>

/* What a right request knows of us. */
struct framing {
    const char *host;      /* of the URL that the client was given; NULL: it
                       * may have come by any name */
    int         port;      /* that it came to */
    const char *write_key; /* NULL = none */
    bool        in_query; /* where the write key belongs, by the profile */
    bool        puts; /* what has a body is sent by PUT; else by POST */
    /* A field was folded: libmicrohttpd joins such lines without their colon,
     * so that what stands for names are none of the client's. */
    bool folded;
};

/* Adds a violation to the attempt for each fault of its head. */
void framing_check(struct attempt *attempt, const struct framing *framing);

/* Two readers could see its end in different places: nothing that follows on
 * the connection can be trusted to be a request. */
bool framing_is_ambiguous(const struct attempt *attempt);

/* A Transfer-Encoding that is not "chunked": nobody can tell its end. */
bool framing_is_unreadable(const struct attempt *attempt);

/* The client asks for, or its version implies, an end of the connection. */
bool framing_wants_close(const struct attempt *attempt);

#endif

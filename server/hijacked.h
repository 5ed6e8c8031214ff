/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_HIJACKED_H
#define SERVER_HIJACKED_H

/* A connection taken over: from libmicrohttpd, which read a request or the
 * head of one and then let go, or before libmicrohttpd ever saw it. From here
 * on every byte, and how it ends, is ours. This is what faults are made of,
 * and the answers libmicrohttpd cannot say.
 *
 * libmicrohttpd runs in "turbo" mode and so closes its descriptor without a
 * shutdown; ours is a duplicate of it and keeps the TCP connection. A hijacked
 * connection carries at most one exchange and ends with it. */

#include "model/record.h"
#include "server/connection.h"
#include "server/core.h"
#include "server/ending.h"
#include "server/send_buffer.h"
#include "server/tunnel.h"

#include <stdbool.h>
#include <stddef.h>

/* What the owner of the exchange on it is told. */
struct hijacked_events {
    void (*answering)(void *owner); /* an answer, or the end, goes out now */
    /* Some more of the body is here; false: it is given up. */
    bool (*read)(void *owner, const char *data, size_t length_bytes);
    void (*whole)(void *owner); /* the body is */
    /* The hijacked connection is no more. */
    void (*over)(void *owner, enum answer_end end);
};

struct hijacked {
    struct core       *core;
    struct open_socket open;
    /* Of the exchange; NULL, all three: it was taken before a request. */
    const struct hijacked_events *events;
    void                         *owner;
    struct attempt               *attempt;
    unsigned           connection; /* its number, where there is no exchange */
    const struct step *step; /* whose fault or answer is played */
    struct tunnel     *tunnel; /* NULL: plain all the way */
    struct watch       watch;
    struct timer       pause;
    struct send_buffer out; /* to be sent by hijacked_play */
    bool               due; /* the pause before the next piece is over */
    bool               sent;
    enum hijacked_then then;
    int64_t            idle_ns; /* between the last byte and the end */
    enum answer_end    end; /* what the attempt ends as */
    uint64_t           body_bytes; /* to be read by hijacked_read */
    void (*whole)(
        struct hijacked *hijacked); /* or what hijacked_await waits for */
};

/* Takes the connection over, to go on with the step. The caller then returns
 * MHD_NO to libmicrohttpd. NULL with errno: no descriptor is left. */
struct hijacked *hijacked_start(struct connection            *connection,
                                struct attempt               *attempt,
                                const struct step            *step,
                                const struct hijacked_events *events,
                                void                         *owner);
/* Takes the descriptor of a connection that was just accepted. */
struct hijacked *hijacked_accept(struct core *core, int fd, unsigned connection,
                                 const struct step *step);
/* The server stops: what was not complete is written down as cut. */
void hijacked_stop(struct hijacked *hijacked);

/* The ways to go on; each ends, sooner or later, with the exchange over and
 * the hijacked connection freed. */

/* Sends what was put into out, then ends as said: the attempt ends as `end`,
 * or as ANSWER_GONE when the client goes first. */
void hijacked_play(struct hijacked *hijacked, enum hijacked_then then,
                   int64_t idle_ns, enum answer_end end);
/* Reads the rest of the request's body, so many bytes of it in all, and then
 * calls whole. */
void hijacked_read(struct hijacked *hijacked, uint64_t body_bytes,
                   void (*whole)(struct hijacked *hijacked));
/* Waits until the client says something, and calls then. It is not read. */
void hijacked_await(struct hijacked *hijacked,
                    void (*then)(struct hijacked *hijacked));

#endif

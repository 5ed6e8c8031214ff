#ifndef SERVER_TAKEN_H
#define SERVER_TAKEN_H

/* A connection taken over: from libmicrohttpd, which read a request or the
 * head of one and then let go, or before libmicrohttpd ever saw it. From here
 * on every byte, and how it ends, is ours. This is what faults are made of,
 * and the answers libmicrohttpd cannot say.
 *
 * libmicrohttpd runs in "turbo" mode and so closes its descriptor without a
 * shutdown; ours is a duplicate of it and keeps the TCP connection. A taken
 * connection carries at most one exchange and ends with it. */

#include "common/bytes.h"
#include "model/plan.h"
#include "model/record.h"
#include "server/loop.h"
#include "server/outgoing.h"

#include <stdbool.h>
#include <stddef.h>

struct exchange;
struct server;
struct tunnel;

/* How it ends once all is sent. */
enum taken_then {
    TAKEN_CLOSE,      /* FIN; nothing is read any more */
    TAKEN_CUT,        /* the same, but over TLS without close_notify */
    TAKEN_RESET,      /* RST */
    TAKEN_HALF_CLOSE, /* FIN; what comes is read and dropped until the end */
    TAKEN_LINGER,     /* nothing; what comes is read and dropped */
    TAKEN_WAIT,       /* nothing, and nothing is read */
};

struct taken {
    struct server     *server;
    struct taken      *previous; /* in the server's list */
    struct taken      *next;
    struct exchange   *exchange; /* NULL: taken before a request */
    unsigned           connection; /* its number, where there is no exchange */
    const struct step *step; /* whose fault or answer is played */
    struct tunnel     *tunnel; /* NULL: plain all the way */
    struct watch       watch;
    struct timer       pause;
    struct outgoing    out; /* to be sent by taken_play */
    bool               due; /* the pause before the next piece is over */
    bool               sent;
    enum taken_then    then;
    int64_t            idle_ns; /* between the last byte and the end */
    enum answer_end    end; /* what the attempt ends as */
    uint64_t           body_bytes; /* to be read by taken_read */
    void (*whole)(struct taken *taken); /* or what taken_await waits for */
};

/* Moves the exchange to a descriptor of its own. The caller then returns
 * MHD_NO to libmicrohttpd. NULL with errno: no descriptor is left. */
struct taken *taken_start(struct exchange *exchange);
/* Takes the descriptor of a connection that was just accepted. */
struct taken *taken_accept(struct server *server, int fd, unsigned connection,
                           const struct step *step);
/* The server stops: what was not complete is written down as cut. */
void taken_stop(struct taken *taken);

/* The ways to go on; each ends, sooner or later, with the exchange over and
 * the taken connection freed. */

/* Sends what was put into out, then ends as said: the attempt ends as `end`,
 * or as ANSWER_GONE when the client goes first. */
void taken_play(struct taken *taken, enum taken_then then, int64_t idle_ns,
                enum answer_end end);
/* Reads the rest of the request's body, so many bytes of it in all, and then
 * calls whole. */
void taken_read(struct taken *taken, uint64_t body_bytes,
                void (*whole)(struct taken *taken));
/* Waits until the client says something, and calls then. It is not read. */
void taken_await(struct taken *taken, void (*then)(struct taken *taken));
/* Sends all of it, then closes. Takes the content of bytes. */
void taken_send(struct taken *taken, struct bytes *bytes);
/* FIN, now. */
void taken_close(struct taken *taken, enum answer_end end);
/* RST, now. */
void taken_reset(struct taken *taken, enum answer_end end);

#endif

#ifndef SERVER_TAKEN_H
#define SERVER_TAKEN_H

/* A connection taken over from libmicrohttpd, which read the request and then
 * let go: from here on every byte, and how it ends, is ours. This is what
 * faults are made of, and the answers libmicrohttpd cannot say.
 *
 * libmicrohttpd runs in "turbo" mode and so closes its descriptor without a
 * shutdown; ours is a duplicate of it and keeps the TCP connection. A taken
 * connection carries one exchange and ends with it. */

#include "common/bytes.h"
#include "model/record.h"
#include "server/loop.h"

#include <stdbool.h>
#include <stddef.h>

struct exchange;
struct server;

struct taken {
    struct server   *server;
    struct taken    *previous; /* in the server's list */
    struct taken    *next;
    struct exchange *exchange;
    struct watch     watch;
    struct bytes     out; /* to be sent */
    size_t           sent_bytes;
};

/* Moves the exchange to a descriptor of its own. The caller then returns
 * MHD_NO to libmicrohttpd. NULL with errno: no descriptor is left. */
struct taken *taken_start(struct exchange *exchange);

/* The ways to go on; each ends, sooner or later, with the exchange over and
 * the taken connection freed. */

/* Sends all of it, then closes: ANSWER_COMPLETE, or ANSWER_GONE. Takes the
 * content of bytes. */
void taken_send(struct taken *taken, struct bytes *bytes);
/* FIN, now. */
void taken_close(struct taken *taken, enum answer_end end);
/* RST, now. */
void taken_reset(struct taken *taken, enum answer_end end);
/* Nothing more, until the client goes. */
void taken_wait(struct taken *taken);

#endif

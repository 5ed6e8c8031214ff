/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_BOUNDS_H
#define SERVER_BOUNDS_H

/* The server's bounds against clients that mean no good, or know no better.
 * docs/hostile.md tells what becomes of each. */

#include "common/clock.h"
#include "model/record.h"

enum {
    /* As many clients of one outage; descriptors, of which a process often has
     * 20,000, are the next bound. One over TLS counts as two. */
    SERVER_CONNECTIONS_MAX = 10240,
    /* libmicrohttpd's, a connection: request head and answer head together. It
     * clears all of it after each request, so that it costs time, too. */
    SERVER_HEAD_BYTES_MAX = 16 * 1024,
    /* Of these the record keeps RECORD_BODY_KEPT_MAX. */
    SERVER_BODY_BYTES_MAX = 64 * 1024 * 1024,
    /* What a server's process may take, whatever its clients do: twice what a
     * record keeps (a growing buffer has room to spare), and for each
     * connection its head and 4 KiB. The plan's own answers come on top. */
    SERVER_MEMORY_BYTES_MAX =
        2 * RECORD_KEPT_BYTES_MAX +
        SERVER_CONNECTIONS_MAX * (SERVER_HEAD_BYTES_MAX + 4096) +
        64 * 1024 * 1024,
};

/* From the first byte of a request until all of it is here. */
#define SERVER_REQUEST_LIMIT_NS (30 * NS_PER_S)
/* From the accepting of a connection until its TLS session stands. */
#define SERVER_HANDSHAKE_LIMIT_NS (10 * NS_PER_S)
/* How long a client may leave an answer where it is: all of it, if it is one
 * of libmicrohttpd's, else the next byte. */
#define SERVER_ANSWER_LIMIT_NS (60 * NS_PER_S)

#endif

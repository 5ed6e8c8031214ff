/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_PEER_H
#define CLIENT_PEER_H

/* An ingest of the client's unit tests: a socket on loopback, a thread a
 * connection, and a function of the test's that answers each request as it
 * likes, byte by byte. It counts; it judges nothing. */

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum { PEER_CONNECTIONS_MAX = 64 };

struct peer_request {
    unsigned    number; /* 1, 2, 3 ... over all connections */
    int         fd;     /* to answer on */
    const char *text;   /* head and body */
};

/* Answers; false = the connection is closed after it. */
typedef bool peer_answer(void *context, const struct peer_request *request);

struct peer {
    int               port;
    atomic_uint       connections; /* accepted */
    atomic_uint       requests;    /* read whole */
    peer_answer      *answer;
    void             *context;
    struct peer_room *room; /* its threads and sockets */
};

void peer_start(struct peer *peer, peer_answer *answer, void *context);
/* Ends all connections, and then all threads. */
void peer_stop(struct peer *peer);

/* "http://127.0.0.1:PORT", in a buffer of the caller's. */
enum { PEER_URL_MAX = 40 };
const char *peer_url(const struct peer *peer, char url[PEER_URL_MAX]);

/* False when the client has hung up. */
bool peer_say(int fd, const char *text);
/* "HTTP/1.1 STATUS x", the header lines (each with its CRLF), an empty body. */
bool peer_status(int fd, int status, const char *headers);
/* Waits until the client hangs up, or the peer is stopped. */
void peer_wait_gone(int fd);

#endif

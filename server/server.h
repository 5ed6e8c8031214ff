/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

/* The mock ingest: plays a plan on the wire and writes down what came.
 *
 * One listening socket on the loopback, its own accept, one libmicrohttpd
 * daemon driven from an epoll of ours, one thread, no locks. A request handler
 * opens an attempt, picks the step and hands it to an answer or a fault; it
 * never judges and never parses a body. Delays and hangs are timers in the
 * loop. Every buffer and every wait is bounded.
 *
 * The owner polls server_fd() for reading, at most server_wait_ns() long, and
 * calls server_turn() after each poll, due or not. */

#include "common/err.h"
#include "model/record.h"
#include "server/config.h"

#include <stdbool.h>
#include <stdint.h>

struct server;

bool MUST_USE server_start(struct server             **server,
                           const struct server_config *config, struct err *err);
/* Ends every connection, then the listener. What was pending is written down
 * as cut. NULL is fine. */
void server_stop(struct server *server);

/* Which attempt of its batch one that decide was asked about is: 1, 2, ... */
unsigned server_nth(struct server *server, const struct attempt *attempt);

int server_port(const struct server *server);
int server_fd(const struct server *server);
int64_t server_wait_ns(const struct server *server); /* -1 = until fd */
void server_turn(struct server *server);

/* No connection is open and nothing is due. */
bool server_idle(const struct server *server);
/* When the first answer or fault on the ingest route was played, on the
 * record's time scale; TIME_NEVER = not yet. */
int64_t server_first_answer_ns(const struct server *server);
/* For a clock that jumps. The watch is to be begun before the client is, and
 * is refused where the kernel does not tell what is on its way. */
bool MUST_USE server_watch_wire(struct server *server, struct err *err);
/* Clients have begun so many connections, or may have: to be told before one of
 * them is accepted. ipv6: one, at least, may be by a socket of IPv6. */
void server_begun(struct server *server, unsigned count, bool ipv6);
/* Nothing is on the way to the server or from it, and it will do nothing
 * before its next timer. */
bool server_quiet(struct server *server);
/* The clock's time of its next timer; INT64_MAX = none. */
int64_t server_next_ns(const struct server *server);
void server_clock_jumped(struct server *server);

/* The first error of a decide step; false = none. */
bool server_trouble(const struct server *server, struct err *err);

#endif

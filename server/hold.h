#ifndef SERVER_HOLD_H
#define SERVER_HOLD_H

/* The delay between a whole request and what is played.
 *
 * libmicrohttpd suspends the connection and is blind to it meanwhile; so we
 * watch the descriptor ourselves: a client that hangs up is seen when it does.
 * A client that only closes its sending half counts as gone too: no HTTP
 * client in use does that while it waits, and no server can tell the two
 * apart before it has written. */

struct exchange;

void hold_start(struct exchange *exchange);
/* The client hung up. */
void hold_hung_up(void *exchange);

#endif

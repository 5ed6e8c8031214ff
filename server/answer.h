#ifndef SERVER_ANSWER_H
#define SERVER_ANSWER_H

/* Sends a response: through libmicrohttpd, which keeps the connection for the
 * next request, or as raw bytes on a hijacked connection, which it ends. Writes
 * what is sent into the attempt. */

#include <microhttpd.h>
#include <stdbool.h>

struct attempt;
struct exchange;
struct response;
struct hijacked;

/* False: libmicrohttpd refuses it, and nothing was sent. */
bool answer_queue(struct exchange *exchange, struct MHD_Connection *mhd);
void answer_raw(struct hijacked *hijacked);
/* Writes into the attempt what the response sends; the response has no fields
 * any more then. */
void answer_write_down(struct attempt *attempt, struct response *response);

#endif

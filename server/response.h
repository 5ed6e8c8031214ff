#ifndef SERVER_RESPONSE_H
#define SERVER_RESPONSE_H

/* The last reply as libmicrohttpd's response: most say the same again, and to
 * make one takes it longer than to send it. */

#include "model/header.h"

#include <microhttpd.h>

struct reply;

struct response {
    struct MHD_Response *made; /* NULL = none yet */
    struct header_list   fields; /* that it was made of, and its body */
    char                *body; /* NULL = too long to be kept */
    size_t               body_bytes;
};

/* Says the reply's fields and body; lives until the next is made, and as long
 * as libmicrohttpd needs it. NULL: a field is more than it can say. */
struct MHD_Response *response_of(struct response    *response,
                                 const struct reply *reply);
void response_clear(struct response *response);

#endif

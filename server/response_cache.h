/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_RESPONSE_CACHE_H
#define SERVER_RESPONSE_CACHE_H

/* The last response as libmicrohttpd has it: most say the same again, and to
 * make one takes it longer than to send it. */

#include "model/header.h"

#include <microhttpd.h>

struct response;

struct response_cache {
    struct MHD_Response *made; /* NULL = none yet */
    struct header_list   fields; /* that it was made of, and its body */
    char                *body; /* NULL = too long to be kept */
    size_t               body_bytes;
};

/* Says the response's fields and body; lives until the next is made, and as
 * long as libmicrohttpd needs it. NULL: a field is more than it can say. */
struct MHD_Response *response_cache_find(struct response_cache *cache,
                                         const struct response *response);
void response_cache_clear(struct response_cache *cache);

#endif

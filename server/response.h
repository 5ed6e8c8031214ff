/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_RESPONSE_H
#define SERVER_RESPONSE_H

/* An answer with everything decided: the fields in the order they will stand
 * on the wire, dates resolved, the body chosen. The record keeps the fields
 * as they are here, so nothing is added behind its back. */

#include "common/bytes.h"
#include "model/plan.h"
#include "model/profile.h"
#include "model/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct response {
    int                status;
    struct header_list fields; /* all but a Content-Length of its body */
    const char        *body; /* NULL = none; lives as long as the response */
    size_t             body_bytes;
    char              *own_body; /* where body was made for this response */
    bool               raw; /* libmicrohttpd cannot say it exactly */
};

/* What the response depends on beside the answer. */
struct response_context {
    enum route             route;
    const struct profile  *profile; /* whose answers ingest gives; NULL: ours */
    const char            *settings_body; /* the route's default, on a 2xx */
    const struct attempt  *attempt;
    const struct listener *elsewhere; /* the other origin, */
    bool                   https; /* ... which is reached as this one is */
    int64_t                wall_s;
    const char            *date; /* ... as an HTTP-date */
    bool                   close; /* the connection ends after it */
};

/* answer may be NULL: the default of the route. */
void response_init(struct response *response, const struct answer *answer,
                   const struct response_context *context);
void response_clear(struct response *response);

/* As HTTP-date; a time that none can say is the nearest that one can. */
const char *response_date(char buffer[DATE_TEXT_MAX], enum date_form form,
                          int64_t unix_s);

/* Whether a body belongs to this answer at all (not to 1xx, 204, 304, nor to
 * a HEAD). */
bool response_has_body(int status, const char *method);
/* The whole answer as bytes, for the raw way. */
void response_print(const struct response *response, bool with_body,
                    struct bytes *out);
/* Of it the status line, and the fields without a Content-Length of its body.
 */
void response_print_line(const struct response *response, struct bytes *out);
void response_print_fields(const struct response *response, struct bytes *out);
/* The Content-Length field that goes out with it, if any does. */
bool response_sends_length(const struct response *response);

#endif

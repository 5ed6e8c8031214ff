/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_FAULTS_FORGE_H
#define SERVER_FAULTS_FORGE_H

/* An answer in parts, so that a fault can spoil one of them and leave the rest
 * as it would have been. Each part goes to the end of what the hijacked
 * connection will send; forge_start comes first. */

#include "server/hijacked.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Makes the response of the fault's step. kept: it does not say that the
 * connection ends. */
void forge_start(struct hijacked *hijacked, bool kept);

/* "HTTP/1.1 200 OK" and its line end. */
void forge_status_line(struct hijacked *hijacked);
/* The fields of the answer, without one that says where the body ends. */
void forge_fields(struct hijacked *hijacked);
/* Makes the response, and puts there all of the above. */
void forge_open(struct hijacked *hijacked);
/* "Content-Length: N" of the body, or of what the fault says it is. */
void forge_length(struct hijacked *hijacked);
void forge_length_of(struct hijacked *hijacked, uint64_t body_bytes);
void forge_blank(struct hijacked *hijacked); /* ends the header */
void forge_body(struct hijacked *hijacked);
/* All of the above in their order; the body's length is the truth. */
void forge_head(struct hijacked *hijacked);
void forge_all(struct hijacked *hijacked);
void forge_rest(
    struct hijacked *hijacked); /* all that follows the status line */
/* Bytes of the fault's own. */
void forge_text(struct hijacked *hijacked, const char *text);
/* The text in which it differs from others of its file; none is fine. */
void forge_word(struct hijacked *hijacked);
void forge_chunked(struct hijacked *hijacked); /* the field that says so */
/* The first bytes of the body as one chunk. */
void forge_chunk(struct hijacked *hijacked, size_t body_bytes);
/* The text, so often; it is kept once. Only once an answer. */
void forge_repeat(struct hijacked *hijacked, const char *text, uint64_t times);
void forge_bytes(struct hijacked *hijacked, const void *data,
                 size_t length_bytes);

/* A parameter of the fault. */
int64_t forge_param(const struct hijacked *hijacked, enum fault_param param);
/* How its connection ends: by the word of the scenario, close or reset, or as
 * its entry says; a silence begins now. */
enum hijacked_then forge_then(const struct hijacked *hijacked);
/* The status, and the fields, stand in the record: they were sent as such. */
void forge_note(struct hijacked *hijacked);
/* The same; it is sent whole, and then the connection is closed. */
void forge_end(struct hijacked *hijacked);

#endif

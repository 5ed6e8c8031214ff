/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_SEND_BUFFER_H
#define SERVER_SEND_BUFFER_H

/* Bytes on their way out: in which pieces, and how often.
 *
 * One part of them may be sent many times over (an endless body costs no more
 * memory than a piece of it), and from some byte on they may go piece by piece
 * with a pause before each. Pure: knows neither a socket nor the time. */

#include "common/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SEND_BUFFER_FOR_EVER UINT64_MAX

struct send_buffer {
    struct bytes out;
    size_t       at; /* the next byte */

    size_t   loop_at; /* this part ... */
    size_t   loop_end;
    uint64_t loops; /* ... is sent once more, so often */

    size_t told_at; /* who has read so far knows the answer; 0 = all of it */

    size_t  pace_at;    /* from here on ... */
    size_t  pace_end;   /* ... to here; the rest is the last piece */
    size_t  pace_bytes; /* so many at once (0 = all) */
    int64_t pace_ns;    /* after a pause of this */
};

void send_buffer_init(struct send_buffer *send_buffer);
void send_buffer_clear(struct send_buffer *send_buffer);
/* The last `tail` bytes of out are sent once more, `loops` times. */
void send_buffer_loop(struct send_buffer *send_buffer, size_t tail_bytes,
                      uint64_t loops);
/* What is added from now on goes in pieces. */
void send_buffer_pace(struct send_buffer *send_buffer, size_t piece_bytes,
                      int64_t pause_ns);
/* The last byte that is there, and what is added from now on, go as one. */
void send_buffer_pace_end(struct send_buffer *send_buffer);

/* What may go now; 0 bytes when all is sent. */
const char *send_buffer_next(const struct send_buffer *send_buffer,
                             size_t                   *length_bytes);
void send_buffer_sent(struct send_buffer *send_buffer, size_t length_bytes);
bool send_buffer_done(const struct send_buffer *send_buffer);
/* The pause before what comes next; 0 = none. */
int64_t send_buffer_pause_ns(const struct send_buffer *send_buffer);
/* With what comes next the client knows the answer. */
bool send_buffer_tells(const struct send_buffer *send_buffer);

#endif

#ifndef SERVER_OUTGOING_H
#define SERVER_OUTGOING_H

/* Bytes on their way out: in which pieces, and how often.
 *
 * One part of them may be sent many times over (an endless body costs no more
 * memory than a piece of it), and from some byte on they may go piece by piece
 * with a pause before each. Pure: knows neither a socket nor the time. */

#include "common/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OUTGOING_FOR_EVER UINT64_MAX

struct outgoing {
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

void outgoing_init(struct outgoing *outgoing);
void outgoing_clear(struct outgoing *outgoing);
/* The last `tail` bytes of out are sent once more, `loops` times. */
void outgoing_loop(struct outgoing *outgoing, size_t tail_bytes,
                   uint64_t loops);
/* What is added from now on goes in pieces. */
void outgoing_pace(struct outgoing *outgoing, size_t piece_bytes,
                   int64_t pause_ns);
/* The last byte that is there, and what is added from now on, go as one. */
void outgoing_pace_end(struct outgoing *outgoing);

/* What may go now; 0 bytes when all is sent. */
const char *outgoing_next(const struct outgoing *outgoing,
                          size_t                *length_bytes);
void outgoing_sent(struct outgoing *outgoing, size_t length_bytes);
bool outgoing_done(const struct outgoing *outgoing);
/* The pause before what comes next; 0 = none. */
int64_t outgoing_pause_ns(const struct outgoing *outgoing);
/* With what comes next the client knows the answer. */
bool outgoing_tells(const struct outgoing *outgoing);

#endif

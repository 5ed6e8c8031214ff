#ifndef SERVER_STREAM_H
#define SERVER_STREAM_H

/* Bytes on their way out: in which pieces, and how often.
 *
 * One part of them may be sent many times over (an endless body costs no more
 * memory than a piece of it), and from some byte on they may go piece by piece
 * with a pause before each. Pure: knows neither a socket nor the time. */

#include "common/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STREAM_FOR_EVER UINT64_MAX

struct stream {
    struct bytes out;
    size_t       at; /* the next byte */

    size_t   loop_at; /* this part ... */
    size_t   loop_end;
    uint64_t loops; /* ... is sent once more, so often */

    size_t  pace_at;    /* from here on */
    size_t  pace_bytes; /* so many at once (0 = all) */
    int64_t pace_ns;    /* after a pause of this */
};

void stream_init(struct stream *stream);
void stream_clear(struct stream *stream);
/* The last `tail` bytes of out are sent once more, `loops` times. */
void stream_loop(struct stream *stream, size_t tail_bytes, uint64_t loops);
/* What is added from now on goes in pieces. */
void stream_pace(struct stream *stream, size_t piece_bytes, int64_t pause_ns);

/* What may go now; 0 bytes when all is sent. */
const char *stream_next(const struct stream *stream, size_t *length_bytes);
void        stream_sent(struct stream *stream, size_t length_bytes);
bool        stream_done(const struct stream *stream);
/* The pause before what comes next; 0 = none. */
int64_t stream_pause_ns(const struct stream *stream);
/* What comes next is the last of it. */
bool stream_is_last(const struct stream *stream);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_TRIAL_STREAM_H
#define RUNNER_TRIAL_STREAM_H

/* What a process prints, read as it comes and never waited for: whole up to
 * a bound, or its tail alone. More than `max_bytes` is a flood, of which not
 * a byte more is read. */

#include "common/bytes.h"

#include <stdbool.h>
#include <stddef.h>

struct stream {
    int          fd;          /* -1 = it was read to its end */
    struct bytes text;        /* NUL-terminated by bytes_text */
    size_t       total_bytes; /* that came */
    size_t       said_bytes;  /* ... up to the last that is no white space */
    size_t       max_bytes;
    size_t       tail_bytes;  /* at least so many are kept; 0 = all */
    bool         flooded;     /* more came */
};

/* The descriptor is the stream's from now on, and does not block. */
void stream_init(struct stream *stream, int fd, size_t max_bytes,
                 size_t tail_bytes);
void stream_clear(struct stream *stream);

/* Reads what is there; false: it has flooded. */
bool stream_read(struct stream *stream);

/* That it has flooded, and its bound; name: "stdout". Yours. */
char *stream_flood(const struct stream *stream, const char *name);

/* The end of what was kept, at most so many bytes; yours. */
char *stream_tail(const struct stream *stream, size_t max_bytes);

#endif

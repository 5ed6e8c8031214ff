/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/line.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

/* False: nothing more comes. */
static bool refill(struct line_reader *reader)
{
    ssize_t got;

    do
        got = read(reader->fd, reader->part, sizeof reader->part);
    while (got < 0 && errno == EINTR);
    reader->from = 0;
    reader->to = got > 0 ? (size_t)got : 0;
    return got > 0;
}

enum line_end line_next(struct line_reader *reader)
{
    bool begun = false;
    bool fits = true;

    assert(reader->from <= reader->to);
    bytes_clear(&reader->text);
    reader->text.truncated = false;
    while (reader->from < reader->to || refill(reader)) {
        const char *from = reader->part + reader->from;
        size_t      left = reader->to - reader->from;
        const char *end = memchr(from, '\n', left);
        size_t      length = end ? (size_t)(end - from) : left;

        begun = true;
        fits = fits && bytes_append(&reader->text, from, length);
        if (!fits)
            bytes_clear(&reader->text);
        reader->from += length + (end != NULL);
        if (end != NULL)
            return fits ? LINE_WHOLE : LINE_TOO_LONG;
    }
    if (!begun)
        return LINE_NONE;
    return fits ? LINE_WHOLE : LINE_TOO_LONG;
}

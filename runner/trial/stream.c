/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trial/stream.h"

#include "common/alloc.h"
#include "common/io.h"

#include <assert.h>
#include <ctype.h>
#include <fcntl.h>
#include <string.h>

void stream_init(struct stream *stream, int fd, size_t max_bytes,
                 size_t tail_bytes)
{
    assert(fd >= 0 && max_bytes > 0);
    *stream = (struct stream){
        .fd = fd, .max_bytes = max_bytes, .tail_bytes = tail_bytes};
    bytes_init(&stream->text, max_bytes + 1);
    fcntl(fd, F_SETFL, O_NONBLOCK);
}

void stream_clear(struct stream *stream)
{
    io_close(&stream->fd);
    bytes_clear(&stream->text);
}

/* Half of it goes when it is twice too long. */
static void keep_tail(struct bytes *text, size_t tail_bytes)
{
    if (text->length < 2 * tail_bytes)
        return;
    memmove(text->data, text->data + text->length - tail_bytes, tail_bytes);
    text->length = tail_bytes;
    text->data[tail_bytes] = '\0';
}

static void take(struct stream *stream, const char *part, size_t length)
{
    size_t said = length;

    while (said > 0 && isspace((unsigned char)part[said - 1]))
        said--;
    if (said > 0)
        stream->said_bytes = stream->total_bytes + said;
    stream->total_bytes += length;
    bytes_append(&stream->text, part, length);
    if (stream->tail_bytes > 0)
        keep_tail(&stream->text, stream->tail_bytes);
}

bool stream_read(struct stream *stream)
{
    char    part[65536];
    ssize_t got;

    while (stream->fd >= 0 && !stream->flooded) {
        got = io_read(stream->fd, part, sizeof part);
        if (got < 0 && io_would_block())
            break;
        if (got <= 0)
            io_close(&stream->fd);
        else if (stream->total_bytes + (size_t)got > stream->max_bytes)
            stream->flooded = true;
        else
            take(stream, part, (size_t)got);
    }
    return !stream->flooded;
}

char *stream_flood(const struct stream *stream, const char *name)
{
    return alloc_format("more than %zu MB on %s", stream->max_bytes >> 20,
                        name);
}

char *stream_tail(const struct stream *stream, size_t max_bytes)
{
    const struct bytes *text = &stream->text;
    size_t skip = text->length > max_bytes ? text->length - max_bytes : 0;

    return alloc_text_n(bytes_text(text) + skip, text->length - skip);
}

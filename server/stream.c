#include "server/stream.h"

#include <assert.h>

void stream_init(struct stream *stream)
{
    *stream = (struct stream){.pace_at = SIZE_MAX};
    /* The plan's own size is the bound: a scenario is limited in memory. */
    bytes_init(&stream->out, SIZE_MAX / 4);
}

void stream_clear(struct stream *stream)
{
    bytes_clear(&stream->out);
}

void stream_loop(struct stream *stream, size_t tail_bytes, uint64_t loops)
{
    assert(tail_bytes <= stream->out.length);
    stream->loop_end = stream->out.length;
    stream->loop_at = stream->loop_end - tail_bytes;
    stream->loops = tail_bytes > 0 ? loops : 0;
}

void stream_pace(struct stream *stream, size_t piece_bytes, int64_t pause_ns)
{
    stream->pace_at = stream->out.length;
    stream->pace_bytes = piece_bytes;
    stream->pace_ns = pause_ns;
}

const char *stream_next(const struct stream *stream, size_t *length_bytes)
{
    size_t end = stream->out.length;

    if (stream->loops > 0 && stream->at < stream->loop_end)
        end = stream->loop_end;
    if (stream->at < stream->pace_at && stream->pace_at < end)
        end = stream->pace_at;
    else if (stream->at >= stream->pace_at && stream->pace_bytes > 0 &&
             stream->pace_bytes < end - stream->at)
        end = stream->at + stream->pace_bytes;
    *length_bytes = end - stream->at;
    return bytes_text(&stream->out) + stream->at;
}

void stream_sent(struct stream *stream, size_t length_bytes)
{
    stream->at += length_bytes;
    if (stream->loops > 0 && stream->at == stream->loop_end) {
        stream->at = stream->loop_at;
        if (stream->loops != STREAM_FOR_EVER)
            stream->loops--;
    }
}

bool stream_done(const struct stream *stream)
{
    return stream->at >= stream->out.length;
}

int64_t stream_pause_ns(const struct stream *stream)
{
    return stream->at >= stream->pace_at && !stream_done(stream)
               ? stream->pace_ns
               : 0;
}

bool stream_is_last(const struct stream *stream)
{
    size_t length_bytes;

    stream_next(stream, &length_bytes);
    return stream->loops == 0 &&
           stream->at + length_bytes == stream->out.length;
}

#include "server/outgoing.h"

#include <assert.h>

void outgoing_init(struct outgoing *outgoing)
{
    *outgoing = (struct outgoing){.pace_at = SIZE_MAX, .pace_end = SIZE_MAX};
    /* The plan's own size is the bound: a scenario is limited in memory. */
    bytes_init(&outgoing->out, SIZE_MAX / 4);
}

void outgoing_clear(struct outgoing *outgoing)
{
    bytes_clear(&outgoing->out);
}

void outgoing_loop(struct outgoing *outgoing, size_t tail_bytes, uint64_t loops)
{
    assert(tail_bytes <= outgoing->out.length);
    outgoing->loop_end = outgoing->out.length;
    outgoing->loop_at = outgoing->loop_end - tail_bytes;
    outgoing->loops = tail_bytes > 0 ? loops : 0;
}

void outgoing_pace(struct outgoing *outgoing, size_t piece_bytes,
                   int64_t pause_ns)
{
    outgoing->pace_at = outgoing->out.length;
    outgoing->pace_bytes = piece_bytes;
    outgoing->pace_ns = pause_ns;
}

void outgoing_pace_end(struct outgoing *outgoing)
{
    assert(outgoing->out.length > outgoing->pace_at);
    outgoing->pace_end = outgoing->out.length - 1;
}

const char *outgoing_next(const struct outgoing *outgoing, size_t *length_bytes)
{
    size_t end = outgoing->out.length;

    if (outgoing->loops > 0 && outgoing->at < outgoing->loop_end)
        end = outgoing->loop_end;
    if (outgoing->at < outgoing->pace_at && outgoing->pace_at < end)
        end = outgoing->pace_at;
    else if (outgoing->at >= outgoing->pace_at &&
             outgoing->at < outgoing->pace_end && outgoing->pace_bytes > 0 &&
             outgoing->pace_bytes < end - outgoing->at)
        end = outgoing->at + outgoing->pace_bytes;
    *length_bytes = end - outgoing->at;
    return bytes_text(&outgoing->out) + outgoing->at;
}

void outgoing_sent(struct outgoing *outgoing, size_t length_bytes)
{
    outgoing->at += length_bytes;
    if (outgoing->loops > 0 && outgoing->at == outgoing->loop_end) {
        outgoing->at = outgoing->loop_at;
        if (outgoing->loops != OUTGOING_FOR_EVER)
            outgoing->loops--;
    }
}

bool outgoing_done(const struct outgoing *outgoing)
{
    return outgoing->at >= outgoing->out.length;
}

int64_t outgoing_pause_ns(const struct outgoing *outgoing)
{
    return outgoing->at >= outgoing->pace_at && !outgoing_done(outgoing)
               ? outgoing->pace_ns
               : 0;
}

bool outgoing_tells(const struct outgoing *outgoing)
{
    size_t length_bytes;
    size_t told_at = outgoing->told_at;

    outgoing_next(outgoing, &length_bytes);
    if (told_at == 0)
        told_at = outgoing->out.length;
    return outgoing->at < told_at && outgoing->at + length_bytes >= told_at;
}

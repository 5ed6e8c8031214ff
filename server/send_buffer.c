/* SPDX-License-Identifier: Apache-2.0 */
#include "server/send_buffer.h"

#include <assert.h>

void send_buffer_init(struct send_buffer *send_buffer)
{
    *send_buffer =
        (struct send_buffer){.pace_at = SIZE_MAX, .pace_end = SIZE_MAX};
    /* The plan's own size is the bound: a scenario is limited in memory. */
    bytes_init(&send_buffer->out, SIZE_MAX / 4);
}

void send_buffer_clear(struct send_buffer *send_buffer)
{
    bytes_clear(&send_buffer->out);
}

void send_buffer_loop(struct send_buffer *send_buffer, size_t tail_bytes,
                      uint64_t loops)
{
    assert(tail_bytes <= send_buffer->out.length);
    send_buffer->loop_end = send_buffer->out.length;
    send_buffer->loop_at = send_buffer->loop_end - tail_bytes;
    send_buffer->loops = tail_bytes > 0 ? loops : 0;
}

void send_buffer_pace(struct send_buffer *send_buffer, size_t piece_bytes,
                      int64_t pause_ns)
{
    send_buffer->pace_at = send_buffer->out.length;
    send_buffer->pace_bytes = piece_bytes;
    send_buffer->pace_ns = pause_ns;
}

void send_buffer_pace_end(struct send_buffer *send_buffer)
{
    assert(send_buffer->out.length > send_buffer->pace_at);
    send_buffer->pace_end = send_buffer->out.length - 1;
}

const char *send_buffer_next(const struct send_buffer *send_buffer,
                             size_t                   *length_bytes)
{
    size_t end = send_buffer->out.length;

    if (send_buffer->loops > 0 && send_buffer->at < send_buffer->loop_end)
        end = send_buffer->loop_end;
    if (send_buffer->at < send_buffer->pace_at && send_buffer->pace_at < end)
        end = send_buffer->pace_at;
    else if (send_buffer->at >= send_buffer->pace_at &&
             send_buffer->at < send_buffer->pace_end &&
             send_buffer->pace_bytes > 0 &&
             send_buffer->pace_bytes < end - send_buffer->at)
        end = send_buffer->at + send_buffer->pace_bytes;
    *length_bytes = end - send_buffer->at;
    return bytes_text(&send_buffer->out) + send_buffer->at;
}

void send_buffer_sent(struct send_buffer *send_buffer, size_t length_bytes)
{
    send_buffer->at += length_bytes;
    if (send_buffer->loops > 0 && send_buffer->at == send_buffer->loop_end) {
        send_buffer->at = send_buffer->loop_at;
        if (send_buffer->loops != SEND_BUFFER_FOR_EVER)
            send_buffer->loops--;
    }
}

bool send_buffer_done(const struct send_buffer *send_buffer)
{
    return send_buffer->at >= send_buffer->out.length;
}

int64_t send_buffer_pause_ns(const struct send_buffer *send_buffer)
{
    return send_buffer->at >= send_buffer->pace_at &&
                   !send_buffer_done(send_buffer)
               ? send_buffer->pace_ns
               : 0;
}

bool send_buffer_tells(const struct send_buffer *send_buffer)
{
    size_t length_bytes;
    size_t told_at = send_buffer->told_at;

    send_buffer_next(send_buffer, &length_bytes);
    if (told_at == 0)
        told_at = send_buffer->out.length;
    return send_buffer->at < told_at &&
           send_buffer->at + length_bytes >= told_at;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "server/faults/forge.h"

#include "server/answer.h"
#include "server/exchange.h"
#include "server/fault.h"

#include <inttypes.h>
#include <string.h>

enum { FORGE_PIECE_BYTES_MAX = 16 * 1024 };

static const struct response *response_of(const struct hijacked *hijacked)
{
    return &exchange_of(hijacked)->response;
}

void forge_start(struct hijacked *hijacked, bool kept)
{
    exchange_make_response(exchange_of(hijacked), !kept);
}

void forge_status_line(struct hijacked *hijacked)
{
    response_print_line(response_of(hijacked), &hijacked->out.out);
}

void forge_fields(struct hijacked *hijacked)
{
    response_print_fields(response_of(hijacked), &hijacked->out.out);
}

void forge_open(struct hijacked *hijacked)
{
    forge_start(hijacked, false);
    forge_status_line(hijacked);
    forge_fields(hijacked);
}

void forge_length_of(struct hijacked *hijacked, uint64_t body_bytes)
{
    bytes_format(&hijacked->out.out, "Content-Length: %" PRIu64 "\r\n",
                 body_bytes);
}

void forge_length(struct hijacked *hijacked)
{
    if (response_sends_length(response_of(hijacked)))
        forge_length_of(hijacked, response_of(hijacked)->body_bytes);
}

/* A client may go by the status as soon as it has the head. */
void forge_blank(struct hijacked *hijacked)
{
    forge_text(hijacked, "\r\n");
    if (hijacked->out.told_at == 0)
        hijacked->out.told_at = hijacked->out.out.length;
}

void forge_body(struct hijacked *hijacked)
{
    forge_bytes(hijacked, response_of(hijacked)->body,
                response_of(hijacked)->body_bytes);
}

void forge_head(struct hijacked *hijacked)
{
    forge_status_line(hijacked);
    forge_fields(hijacked);
    forge_length(hijacked);
    forge_blank(hijacked);
}

void forge_rest(struct hijacked *hijacked)
{
    forge_fields(hijacked);
    forge_length(hijacked);
    forge_blank(hijacked);
    forge_body(hijacked);
}

void forge_all(struct hijacked *hijacked)
{
    forge_status_line(hijacked);
    forge_rest(hijacked);
}

void forge_text(struct hijacked *hijacked, const char *text)
{
    bytes_add(&hijacked->out.out, text);
}

void forge_bytes(struct hijacked *hijacked, const void *data,
                 size_t length_bytes)
{
    if (length_bytes > 0)
        bytes_append(&hijacked->out.out, data, length_bytes);
}

void forge_word(struct hijacked *hijacked)
{
    const struct fault_entry *entry = fault_entry(hijacked->step->fault);

    if (entry->text_bytes > 0)
        forge_bytes(hijacked, entry->text, entry->text_bytes);
    else if (entry->text != NULL)
        forge_text(hijacked, entry->text);
}

void forge_chunked(struct hijacked *hijacked)
{
    forge_text(hijacked, "Transfer-Encoding: chunked\r\n");
}

void forge_chunk(struct hijacked *hijacked, size_t body_bytes)
{
    bytes_format(&hijacked->out.out, "%zx\r\n", body_bytes);
    forge_bytes(hijacked, response_of(hijacked)->body, body_bytes);
    forge_text(hijacked, "\r\n");
}

void forge_repeat(struct hijacked *hijacked, const char *text, uint64_t times)
{
    size_t length = strlen(text);

    /* A piece that is sent often must not be a byte. */
    while (times % 2 == 0 && times > 1 && times != SEND_BUFFER_FOR_EVER &&
           length * 2 <= FORGE_PIECE_BYTES_MAX) {
        length *= 2;
        times /= 2;
    }
    for (size_t i = 0; i < length; i += strlen(text))
        forge_text(hijacked, text);
    send_buffer_loop(&hijacked->out, length,
                     times == SEND_BUFFER_FOR_EVER ? times : times - 1);
}

int64_t forge_param(const struct hijacked *hijacked, enum fault_param param)
{
    return hijacked->step->how.values[param];
}

enum hijacked_then forge_then(const struct hijacked *hijacked)
{
    const enum hijacked_then then = fault_entry(hijacked->step->fault)->then;

    if (then == HIJACKED_WAIT)
        exchange_hanging(exchange_of(hijacked));
    return forge_param(hijacked, PARAM_BY) == BY_RESET ? HIJACKED_RESET : then;
}

void forge_note(struct hijacked *hijacked)
{
    answer_write_down(hijacked->attempt, &exchange_of(hijacked)->response);
}

void forge_end(struct hijacked *hijacked)
{
    forge_note(hijacked);
    hijacked_play(hijacked, HIJACKED_CLOSE, 0, ANSWER_COMPLETE);
}

#include "server/faults/forge.h"

#include "server/answer.h"
#include "server/exchange.h"

#include <inttypes.h>
#include <string.h>

enum { FORGE_PIECE_BYTES_MAX = 16 * 1024 };

static const struct reply *reply_of(const struct taken *taken)
{
    return &taken->exchange->reply;
}

void forge_start(struct taken *taken, bool kept)
{
    exchange_make_reply(taken->exchange, !kept);
}

void forge_status_line(struct taken *taken)
{
    char reason[REPLY_REASON_MAX];
    int  status = reply_of(taken)->status;

    bytes_format(&taken->out.out, "HTTP/1.1 %d %s\r\n", status,
                 reply_reason(reason, status));
}

void forge_fields(struct taken *taken)
{
    const struct header_list *fields = &reply_of(taken)->fields;

    for (size_t i = 0; i < fields->count; i++)
        bytes_format(&taken->out.out, "%s: %s\r\n", fields->items[i].name,
                     fields->items[i].value);
}

void forge_length_of(struct taken *taken, uint64_t body_bytes)
{
    bytes_format(&taken->out.out, "Content-Length: %" PRIu64 "\r\n",
                 body_bytes);
}

void forge_length(struct taken *taken)
{
    if (reply_sends_length(reply_of(taken)))
        forge_length_of(taken, reply_of(taken)->body_bytes);
}

/* A client may go by the status as soon as it has the head. */
void forge_blank(struct taken *taken)
{
    forge_text(taken, "\r\n");
    if (taken->out.told_at == 0)
        taken->out.told_at = taken->out.out.length;
}

void forge_body(struct taken *taken)
{
    forge_bytes(taken, reply_of(taken)->body, reply_of(taken)->body_bytes);
}

void forge_head(struct taken *taken)
{
    forge_status_line(taken);
    forge_fields(taken);
    forge_length(taken);
    forge_blank(taken);
}

void forge_rest(struct taken *taken)
{
    forge_fields(taken);
    forge_length(taken);
    forge_blank(taken);
    forge_body(taken);
}

void forge_all(struct taken *taken)
{
    forge_status_line(taken);
    forge_rest(taken);
}

void forge_text(struct taken *taken, const char *text)
{
    bytes_add(&taken->out.out, text);
}

void forge_bytes(struct taken *taken, const void *data, size_t length_bytes)
{
    if (length_bytes > 0)
        bytes_append(&taken->out.out, data, length_bytes);
}

void forge_chunked(struct taken *taken)
{
    forge_text(taken, "Transfer-Encoding: chunked\r\n");
}

void forge_chunk(struct taken *taken, size_t body_bytes)
{
    bytes_format(&taken->out.out, "%zx\r\n", body_bytes);
    forge_bytes(taken, reply_of(taken)->body, body_bytes);
    forge_text(taken, "\r\n");
}

void forge_repeat(struct taken *taken, const char *text, uint64_t times)
{
    size_t length = strlen(text);

    /* A piece that is sent often must not be a byte. */
    while (times % 2 == 0 && times > 1 && times != OUTGOING_FOR_EVER &&
           length * 2 <= FORGE_PIECE_BYTES_MAX) {
        length *= 2;
        times /= 2;
    }
    for (size_t i = 0; i < length; i += strlen(text))
        forge_text(taken, text);
    outgoing_loop(&taken->out, length,
                  times == OUTGOING_FOR_EVER ? times : times - 1);
}

int64_t forge_param(const struct taken *taken, enum fault_param param)
{
    return taken->step->how.values[param];
}

enum taken_then forge_then(const struct taken *taken)
{
    return forge_param(taken, PARAM_BY) == BY_RESET ? TAKEN_RESET : TAKEN_CLOSE;
}

void forge_note(struct taken *taken)
{
    answer_write_down(taken->exchange->attempt, &taken->exchange->reply);
}

void forge_end(struct taken *taken)
{
    forge_note(taken);
    taken_play(taken, TAKEN_CLOSE, 0, ANSWER_COMPLETE);
}

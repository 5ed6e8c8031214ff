/* An answer that ends, or stops, inside its body. It always announces more
 * than it sends, however short its body is. */

#include "server/exchange.h"
#include "server/fault.h"
#include "server/faults/forge.h"

/* As many bytes of a body as go before the end: the answer's own, and then
 * spaces. */
static void add_part(struct taken *taken)
{
    const struct reply *reply = &taken->exchange->reply;
    size_t              after = (size_t)forge_param(taken, PARAM_AFTER);
    size_t own = after < reply->body_bytes ? after : reply->body_bytes;

    forge_bytes(taken, reply->body, own);
    for (size_t i = own; i < after; i++)
        forge_text(taken, " ");
}

static uint64_t announced(const struct taken *taken)
{
    uint64_t after = (uint64_t)forge_param(taken, PARAM_AFTER);
    uint64_t own = taken->exchange->reply.body_bytes;

    return own > after ? own : after + 1;
}

static void start(struct taken *taken)
{
    forge_start(taken, false);
    forge_status_line(taken);
    forge_fields(taken);
    forge_note(taken);
}

static void add_short_body(struct taken *taken)
{
    start(taken);
    forge_length_of(taken, announced(taken));
    forge_blank(taken);
    add_part(taken);
}

static void play_cut(struct taken *taken)
{
    add_short_body(taken);
    taken_play(taken, forge_then(taken), 0, ANSWER_CUT);
}

static void play_tls_cut(struct taken *taken)
{
    add_short_body(taken);
    taken_play(taken, TAKEN_CUT, 0, ANSWER_CUT);
}

static void play_cut_chunks(struct taken *taken)
{
    start(taken);
    forge_chunked(taken);
    forge_blank(taken);
    bytes_format(&taken->out.out, "%llx\r\n",
                 (unsigned long long)announced(taken));
    add_part(taken);
    taken_play(taken, forge_then(taken), 0, ANSWER_CUT);
}

static void play_stall(struct taken *taken)
{
    exchange_hanging(taken->exchange);
    add_short_body(taken);
    taken_play(taken, TAKEN_WAIT, 0, ANSWER_CUT);
}

const struct fault_entry fault_cut_body = {FAULT_CUT_BODY, .play = play_cut};
const struct fault_entry fault_tls_cut_body = {FAULT_TLS_CUT_BODY,
                                               .play = play_tls_cut};
const struct fault_entry fault_cut_chunks = {FAULT_CUT_CHUNKS,
                                             .play = play_cut_chunks};
const struct fault_entry fault_stall_body = {FAULT_STALL_BODY,
                                             .play = play_stall};

/* SPDX-License-Identifier: Apache-2.0 */
/* An answer that ends, or stops, inside its body. It always announces more
 * than it sends, however short its body is. */

#include "server/exchange.h"
#include "server/fault.h"
#include "server/faults/forge.h"

/* As many bytes of a body as go before the end: the answer's own, and then
 * spaces. */
static void add_part(struct hijacked *hijacked)
{
    const struct response *response = &exchange_of(hijacked)->response;
    size_t                 after = (size_t)forge_param(hijacked, PARAM_AFTER);
    size_t own = after < response->body_bytes ? after : response->body_bytes;

    forge_bytes(hijacked, response->body, own);
    for (size_t i = own; i < after; i++)
        forge_text(hijacked, " ");
}

static uint64_t announced(const struct hijacked *hijacked)
{
    uint64_t after = (uint64_t)forge_param(hijacked, PARAM_AFTER);
    uint64_t own = exchange_of(hijacked)->response.body_bytes;

    return own > after ? own : after + 1;
}

static void start(struct hijacked *hijacked)
{
    forge_open(hijacked);
    forge_note(hijacked);
}

static void add_short_body(struct hijacked *hijacked)
{
    start(hijacked);
    forge_length_of(hijacked, announced(hijacked));
    forge_blank(hijacked);
    add_part(hijacked);
}

static void play_cut(struct hijacked *hijacked)
{
    add_short_body(hijacked);
    hijacked_play(hijacked, forge_then(hijacked), 0, ANSWER_CUT);
}

static void play_cut_chunks(struct hijacked *hijacked)
{
    start(hijacked);
    forge_chunked(hijacked);
    forge_blank(hijacked);
    bytes_format(&hijacked->out.out, "%llx\r\n",
                 (unsigned long long)announced(hijacked));
    add_part(hijacked);
    hijacked_play(hijacked, forge_then(hijacked), 0, ANSWER_CUT);
}

FAULT_PLAYED(FAULT_CUT_BODY, .play = play_cut);
FAULT_PLAYED(FAULT_TLS_CUT_BODY, .play = play_cut, .then = HIJACKED_CUT);
FAULT_PLAYED(FAULT_CUT_CHUNKS, .play = play_cut_chunks);
FAULT_PLAYED(FAULT_STALL_BODY, .play = play_cut, .then = HIJACKED_WAIT);

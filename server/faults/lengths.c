/* SPDX-License-Identifier: Apache-2.0 */
/* An answer that says more than once, or badly, how long its body is. */

#include "server/exchange.h"
#include "server/fault.h"
#include "server/faults/forge.h"

static void end(struct hijacked *hijacked)
{
    forge_blank(hijacked);
    forge_body(hijacked);
    forge_end(hijacked);
}

static void play_two(struct hijacked *hijacked)
{
    forge_open(hijacked);
    forge_length(hijacked);
    forge_length_of(hijacked, exchange_of(hijacked)->response.body_bytes + 10);
    end(hijacked);
}

static void play_twice(struct hijacked *hijacked)
{
    forge_open(hijacked);
    forge_length(hijacked);
    forge_length(hijacked);
    end(hijacked);
}

static void play_word(struct hijacked *hijacked)
{
    forge_open(hijacked);
    forge_text(hijacked, "Content-Length: all\r\n");
    end(hijacked);
}

static void play_chunks(struct hijacked *hijacked)
{
    forge_open(hijacked);
    forge_length(hijacked);
    forge_chunked(hijacked);
    forge_blank(hijacked);
    forge_chunk(hijacked, exchange_of(hijacked)->response.body_bytes);
    forge_text(hijacked, "0\r\n\r\n");
    forge_end(hijacked);
}

FAULT_PLAYED(FAULT_TWO_LENGTHS, .play = play_two);
FAULT_PLAYED(FAULT_LENGTH_TWICE, .play = play_twice);
FAULT_PLAYED(FAULT_LENGTH_WORD, .play = play_word);
FAULT_PLAYED(FAULT_LENGTH_AND_CHUNKS, .play = play_chunks);

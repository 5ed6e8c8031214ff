/* SPDX-License-Identifier: Apache-2.0 */
/* An answer in chunks, one of which is framed wrongly. */

#include "server/exchange.h"
#include "server/fault.h"
#include "server/faults/forge.h"

static void answer_in_chunks(struct hijacked *hijacked, const char *size)
{
    forge_start(hijacked, false);
    forge_status_line(hijacked);
    forge_fields(hijacked);
    forge_chunked(hijacked);
    forge_blank(hijacked);
    forge_text(hijacked, size);
    forge_text(hijacked, "\r\n");
    forge_body(hijacked);
    forge_text(hijacked, "\r\nretrial\r\n0\r\n\r\n");
    forge_note(hijacked);
    hijacked_play(hijacked, HIJACKED_CLOSE, 0, ANSWER_CUT);
}

static void play_junk(struct hijacked *hijacked)
{
    answer_in_chunks(hijacked, "zz");
}

static void play_too_long(struct hijacked *hijacked)
{
    answer_in_chunks(hijacked, "1");
}

FAULT_PLAYED(FAULT_CHUNK_SIZE_JUNK, .play = play_junk);
FAULT_PLAYED(FAULT_CHUNK_TOO_LONG, .play = play_too_long);

/* SPDX-License-Identifier: Apache-2.0 */
/* An answer in chunks, one of which has a size that is wrong. */

#include "server/fault.h"
#include "server/faults/forge.h"

static void play(struct hijacked *hijacked)
{
    forge_open(hijacked);
    forge_chunked(hijacked);
    forge_blank(hijacked);
    forge_word(hijacked);
    forge_body(hijacked);
    forge_text(hijacked, "\r\nretrial\r\n0\r\n\r\n");
    forge_note(hijacked);
    hijacked_play(hijacked, HIJACKED_CLOSE, 0, ANSWER_CUT);
}

FAULT_PLAYED(FAULT_CHUNK_SIZE_JUNK, .play = play, .text = "zz\r\n");
FAULT_PLAYED(FAULT_CHUNK_TOO_LONG, .play = play, .text = "1\r\n");

/* SPDX-License-Identifier: Apache-2.0 */
/* An answer with a body that is too much: without an end, or of many bytes.
 * What repeats is kept once. */

#include "server/fault.h"
#include "server/faults/forge.h"

static void play_endless(struct hijacked *hijacked)
{
    forge_open(hijacked);
    forge_chunked(hijacked);
    forge_blank(hijacked);
    send_buffer_pace(&hijacked->out, 0, forge_param(hijacked, PARAM_EVERY));
    forge_repeat(hijacked, "10\r\nthere is no end \r\n", SEND_BUFFER_FOR_EVER);
    forge_note(hijacked);
    hijacked_play(hijacked, HIJACKED_CLOSE, 0, ANSWER_CUT);
}

static void play_huge(struct hijacked *hijacked)
{
    uint64_t bytes = (uint64_t)forge_param(hijacked, PARAM_BYTES);

    forge_open(hijacked);
    forge_length_of(hijacked, bytes);
    forge_blank(hijacked);
    forge_repeat(hijacked, " ", bytes);
    forge_end(hijacked);
}

FAULT_PLAYED(FAULT_ENDLESS_BODY, .play = play_endless);
FAULT_PLAYED(FAULT_HUGE_BODY, .play = play_huge);

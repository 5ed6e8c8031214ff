/* SPDX-License-Identifier: Apache-2.0 */
/* An answer that ends, or stops, inside its head. */

#include "server/fault.h"
#include "server/faults/forge.h"

/* Leaves `after` bytes of what was added since `from`. */
static void cut(struct hijacked *hijacked, size_t from)
{
    struct bytes *out = &hijacked->out.out;
    size_t        kept = (size_t)forge_param(hijacked, PARAM_AFTER);

    if (kept < out->length - from)
        out->length = from + kept;
}

static void play_status_line(struct hijacked *hijacked)
{
    forge_start(hijacked, false);
    forge_status_line(hijacked);
    cut(hijacked, 0);
    hijacked_play(hijacked, forge_then(hijacked), 0, ANSWER_CUT);
}

static void play_headers(struct hijacked *hijacked)
{
    size_t from;

    forge_start(hijacked, false);
    forge_status_line(hijacked);
    from = hijacked->out.out.length;
    forge_fields(hijacked);
    forge_length(hijacked);
    cut(hijacked, from);
    forge_note(hijacked);
    hijacked_play(hijacked, forge_then(hijacked), 0, ANSWER_CUT);
}

FAULT_PLAYED(FAULT_CUT_STATUS_LINE, .play = play_status_line);
FAULT_PLAYED(FAULT_CUT_HEADERS, .play = play_headers);
FAULT_PLAYED(FAULT_STALL_HEADERS, .play = play_headers, .then = HIJACKED_WAIT);

/* SPDX-License-Identifier: Apache-2.0 */
/* An answer after which the two sides disagree whether the connection goes
 * on: it was kept and our side closes, or it was to close and stays open. */

#include "server/fault.h"
#include "server/faults/forge.h"

static void answer_and_end(struct hijacked *hijacked, bool kept,
                           enum hijacked_then then)
{
    forge_start(hijacked, kept);
    forge_all(hijacked);
    forge_note(hijacked);
    hijacked_play(hijacked, then, 0, ANSWER_COMPLETE);
}

static void play_half_close(struct hijacked *hijacked)
{
    answer_and_end(hijacked, true, HIJACKED_HALF_CLOSE);
}

static void play_linger(struct hijacked *hijacked)
{
    answer_and_end(hijacked, false, HIJACKED_LINGER);
}

static void play_reset(struct hijacked *hijacked)
{
    answer_and_end(hijacked, false, HIJACKED_RESET);
}

FAULT_PLAYED(FAULT_HALF_CLOSE, .play = play_half_close);
FAULT_PLAYED(FAULT_LINGER, .play = play_linger);
FAULT_PLAYED(FAULT_ANSWER_THEN_RESET, .play = play_reset);

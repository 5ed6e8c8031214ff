/* SPDX-License-Identifier: Apache-2.0 */
/* An answer that is whole, after which the two sides disagree whether the
 * connection goes on: it was kept and our side closes; it was to close and
 * stays open, or is reset, or ends without the close_notify of TLS. */

#include "server/fault.h"
#include "server/faults/forge.h"

static void play(struct hijacked *hijacked)
{
    const enum hijacked_then then = fault_entry(hijacked->step->fault)->then;

    forge_start(hijacked, then == HIJACKED_HALF_CLOSE);
    forge_all(hijacked);
    forge_note(hijacked);
    hijacked_play(hijacked, then, 0, ANSWER_COMPLETE);
}

FAULT_PLAYED(FAULT_HALF_CLOSE, .play = play, .then = HIJACKED_HALF_CLOSE);
FAULT_PLAYED(FAULT_LINGER, .play = play, .then = HIJACKED_LINGER);
FAULT_PLAYED(FAULT_ANSWER_THEN_RESET, .play = play, .then = HIJACKED_RESET);
FAULT_PLAYED(FAULT_TLS_NO_NOTIFY, .play = play, .then = HIJACKED_CUT);

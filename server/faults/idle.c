/* SPDX-License-Identifier: Apache-2.0 */
/* An answer that keeps the connection, which then dies while nothing is under
 * way on it: what a load balancer does to connections it has forgotten. Before
 * that, more may have come on it than was asked for. */

#include "server/fault.h"
#include "server/faults/forge.h"

static void end(struct hijacked *hijacked)
{
    hijacked_play(hijacked, fault_entry(hijacked->step->fault)->then,
                  forge_param(hijacked, PARAM_IDLE), ANSWER_COMPLETE);
}

static void play(struct hijacked *hijacked)
{
    forge_start(hijacked, true);
    forge_all(hijacked);
    forge_note(hijacked);
    forge_word(hijacked);
    end(hijacked);
}

static void play_twice(struct hijacked *hijacked)
{
    forge_start(hijacked, true);
    forge_all(hijacked);
    forge_note(hijacked);
    forge_all(hijacked);
    end(hijacked);
}

FAULT_PLAYED(FAULT_CLOSE_IDLE, .play = play, .then = HIJACKED_CLOSE);
FAULT_PLAYED(FAULT_RESET_IDLE, .play = play, .then = HIJACKED_RESET);
FAULT_PLAYED(FAULT_ANSWERED_TWICE, .play = play_twice);
FAULT_PLAYED(FAULT_JUNK_AFTER, .play = play,
             .text = "\x01 this is no answer\r\n");

/* SPDX-License-Identifier: Apache-2.0 */
/* An answer that keeps the connection, which then dies while nothing is under
 * way on it: what a load balancer does to connections it has forgotten. Before
 * that, more may have come on it than was asked for. */

#include "server/fault.h"
#include "server/faults/forge.h"

static void start(struct hijacked *hijacked)
{
    forge_start(hijacked, true);
    forge_all(hijacked);
    forge_note(hijacked);
}

static void end(struct hijacked *hijacked, enum hijacked_then then)
{
    hijacked_play(hijacked, then, forge_param(hijacked, PARAM_IDLE),
                  ANSWER_COMPLETE);
}

static void play_close(struct hijacked *hijacked)
{
    start(hijacked);
    end(hijacked, HIJACKED_CLOSE);
}

static void play_reset(struct hijacked *hijacked)
{
    start(hijacked);
    end(hijacked, HIJACKED_RESET);
}

static void play_twice(struct hijacked *hijacked)
{
    start(hijacked);
    forge_all(hijacked);
    end(hijacked, HIJACKED_CLOSE);
}

static void play_junk(struct hijacked *hijacked)
{
    start(hijacked);
    forge_text(hijacked, "\x01 this is no answer\r\n");
    end(hijacked, HIJACKED_CLOSE);
}

FAULT_PLAYED(FAULT_CLOSE_IDLE, .play = play_close);
FAULT_PLAYED(FAULT_RESET_IDLE, .play = play_reset);
FAULT_PLAYED(FAULT_ANSWERED_TWICE, .play = play_twice);
FAULT_PLAYED(FAULT_JUNK_AFTER, .play = play_junk);

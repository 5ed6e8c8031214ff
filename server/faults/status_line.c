/* SPDX-License-Identifier: Apache-2.0 */
/* An answer that is whole but for its status line. */

#include "server/exchange.h"
#include "server/fault.h"
#include "server/faults/forge.h"

static void end(struct hijacked *hijacked)
{
    forge_rest(hijacked);
    hijacked_play(hijacked, HIJACKED_CLOSE, 0, ANSWER_COMPLETE);
}

/* A line of our own. No status was sent that could stand in the record. */
static void play_line(struct hijacked *hijacked)
{
    forge_start(hijacked, false);
    forge_word(hijacked);
    end(hijacked);
}

/* The answer's own status, and a reason. */
static void play_reason(struct hijacked *hijacked)
{
    bool is_known = hijacked->step->fault != FAULT_WRONG_VERSION;

    forge_start(hijacked, false);
    bytes_format(&hijacked->out.out, "%s %d ",
                 is_known ? "HTTP/1.1" : "HTTP/9.9",
                 exchange_of(hijacked)->response.status);
    forge_word(hijacked);
    forge_note(hijacked);
    end(hijacked);
}

FAULT_PLAYED(FAULT_STATUS_99, .play = play_line,
             .text = "HTTP/1.1 99 Too Low\r\n");
FAULT_PLAYED(FAULT_STATUS_1000, .play = play_line,
             .text = "HTTP/1.1 1000 Too High\r\n");
FAULT_PLAYED(FAULT_STATUS_WORD, .play = play_line,
             .text = "HTTP/1.1 fine OK\r\n");
FAULT_PLAYED(FAULT_WRONG_VERSION, .play = play_reason, .text = "OK\r\n");
FAULT_PLAYED(FAULT_REASON_OWN, .play = play_reason,
             .text = "Nobody Expects This\r\n");
FAULT_PLAYED(FAULT_REASON_NONE, .play = play_reason, .text = "\r\n");

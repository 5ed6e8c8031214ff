/* SPDX-License-Identifier: Apache-2.0 */
/* An answer with a 1xx in front of it, which a client has to pass over. */

#include "server/fault.h"
#include "server/faults/forge.h"

static void play(struct hijacked *hijacked)
{
    forge_start(hijacked, false);
    forge_word(hijacked);
    forge_all(hijacked);
    forge_end(hijacked);
}

FAULT_PLAYED(FAULT_CONTINUE_FIRST, .play = play,
             .text = "HTTP/1.1 100 Continue\r\n\r\n");
FAULT_PLAYED(FAULT_PROCESSING_FIRST, .play = play,
             .text = "HTTP/1.1 102 Processing\r\n\r\n");
FAULT_PLAYED(FAULT_HINTS_FIRST, .play = play,
             .text = "HTTP/1.1 103 Early Hints\r\n"
                     "Link: </retrial>; rel=preload\r\n\r\n");

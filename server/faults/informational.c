/* SPDX-License-Identifier: Apache-2.0 */
/* An answer with a 1xx in front of it, which a client has to pass over. */

#include "server/fault.h"
#include "server/faults/forge.h"

static void answer_after(struct hijacked *hijacked, const char *informational)
{
    forge_start(hijacked, false);
    forge_text(hijacked, informational);
    forge_all(hijacked);
    forge_end(hijacked);
}

static void play_100(struct hijacked *hijacked)
{
    answer_after(hijacked, "HTTP/1.1 100 Continue\r\n\r\n");
}

static void play_102(struct hijacked *hijacked)
{
    answer_after(hijacked, "HTTP/1.1 102 Processing\r\n\r\n");
}

static void play_103(struct hijacked *hijacked)
{
    answer_after(hijacked, "HTTP/1.1 103 Early Hints\r\n"
                           "Link: </retrial>; rel=preload\r\n\r\n");
}

FAULT_PLAYED(FAULT_CONTINUE_FIRST, .play = play_100);
FAULT_PLAYED(FAULT_PROCESSING_FIRST, .play = play_102);
FAULT_PLAYED(FAULT_HINTS_FIRST, .play = play_103);

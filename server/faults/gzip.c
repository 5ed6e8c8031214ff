/* SPDX-License-Identifier: Apache-2.0 */
/* A body that is said to be gzip, and is not. */

#include "server/fault.h"
#include "server/faults/forge.h"

static void play(struct hijacked *hijacked)
{
    forge_start(hijacked, false);
    forge_status_line(hijacked);
    forge_text(hijacked, "Content-Encoding: gzip\r\n");
    forge_rest(hijacked);
    forge_end(hijacked);
}

FAULT_PLAYED(FAULT_FALSE_GZIP, .play = play);

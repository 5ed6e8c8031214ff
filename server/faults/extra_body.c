/* SPDX-License-Identifier: Apache-2.0 */
/* An answer with more of a body than it may have. */

#include "server/fault.h"
#include "server/faults/forge.h"

static void answer_and_more(struct hijacked *hijacked)
{
    forge_start(hijacked, false);
    forge_all(hijacked);
    forge_text(hijacked, "{\"more\":\"than was said\"}");
    forge_end(hijacked);
}

FAULT_PLAYED(FAULT_BODY_AFTER_204, .play = answer_and_more);
FAULT_PLAYED(FAULT_BODY_TOO_LONG, .play = answer_and_more);

/* SPDX-License-Identifier: Apache-2.0 */
/* An answer with a head that is too much: one field, or many. What repeats is
 * kept once. */

#include "server/fault.h"
#include "server/faults/forge.h"

static void play_huge(struct hijacked *hijacked)
{
    forge_start(hijacked, false);
    forge_status_line(hijacked);
    forge_text(hijacked, "X-Retrial: ");
    forge_repeat(hijacked, "a", (uint64_t)forge_param(hijacked, PARAM_BYTES));
    forge_text(hijacked, "\r\n");
    forge_rest(hijacked);
    forge_end(hijacked);
}

static void play_many(struct hijacked *hijacked)
{
    forge_start(hijacked, false);
    forge_status_line(hijacked);
    forge_repeat(hijacked, "X-Retrial: one of many\r\n",
                 (uint64_t)forge_param(hijacked, PARAM_COUNT));
    forge_rest(hijacked);
    forge_end(hijacked);
}

FAULT_PLAYED(FAULT_HUGE_HEADER, .play = play_huge);
FAULT_PLAYED(FAULT_MANY_HEADERS, .play = play_many);

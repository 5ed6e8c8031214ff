/* SPDX-License-Identifier: Apache-2.0 */
/* The connection ends as a crashed server's does: RST. */

#include "server/fault.h"
#include "server/hijacked.h"

static void play(struct hijacked *hijacked)
{
    hijacked_play(hijacked, HIJACKED_RESET, 0, ANSWER_NONE);
}

FAULT_PLAYED(FAULT_RESET, .play = play);

/* SPDX-License-Identifier: Apache-2.0 */
/* The connection ends as a server ends it that has nothing to say: FIN. */

#include "server/fault.h"
#include "server/hijacked.h"

static void play(struct hijacked *hijacked)
{
    hijacked_play(hijacked, HIJACKED_CLOSE, 0, ANSWER_NONE);
}

FAULT_PLAYED(FAULT_CLOSE, .play = play);

/* SPDX-License-Identifier: Apache-2.0 */
/* The connection stays as it is. When the client goes, that is written down:
 * it is its request timeout, seen from here. */

#include "server/exchange.h"
#include "server/fault.h"
#include "server/hijacked.h"

static void play(struct hijacked *hijacked)
{
    exchange_hanging(exchange_of(hijacked));
    hijacked_play(hijacked, HIJACKED_WAIT, 0, ANSWER_NONE);
}

FAULT_PLAYED(FAULT_HANG, .play = play);

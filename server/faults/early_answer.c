/* SPDX-License-Identifier: Apache-2.0 */
/* The answer comes when only the request's head was read. The body is still
 * read to its end, so that the record knows which batch it was, and the
 * connection ends only then. */

#include "server/exchange.h"
#include "server/fault.h"
#include "server/faults/early.h"
#include "server/hijacked.h"

static void refuse(struct exchange *exchange)
{
    early_answer(exchange);
    early_finish(exchange);
}

static void play(struct hijacked *hijacked)
{
    hijacked_play(hijacked, HIJACKED_CLOSE, 0, ANSWER_COMPLETE);
}

FAULT_PLAYED(FAULT_EARLY_REFUSAL, .early = refuse, .play = play);
FAULT_PLAYED(FAULT_EARLY_SUCCESS, .early = early_answer, .play = play);

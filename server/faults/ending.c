/* SPDX-License-Identifier: Apache-2.0 */
/* The connection ends, or falls silent, and nothing is said: as soon as it is
 * accepted, as with a server that is going down; inside the request's body; or
 * in place of an answer. */

#include "server/exchange.h"
#include "server/fault.h"
#include "server/hijacked.h"

/* A silence is written down when the client goes: it is its request timeout,
 * seen from here. */
static void play(struct hijacked *hijacked)
{
    const enum hijacked_then then = fault_entry(hijacked->step->fault)->then;

    if (then == HIJACKED_WAIT && hijacked->owner != NULL)
        exchange_hanging(exchange_of(hijacked));
    hijacked_play(hijacked, then, 0, ANSWER_NONE);
}

FAULT_PLAYED(FAULT_CLOSE, .play = play, .then = HIJACKED_CLOSE);
FAULT_PLAYED(FAULT_RESET, .play = play, .then = HIJACKED_RESET);
FAULT_PLAYED(FAULT_HANG, .play = play, .then = HIJACKED_WAIT);
FAULT_PLAYED(FAULT_ACCEPT_RESET, .play = play, .then = HIJACKED_RESET);
FAULT_PLAYED(FAULT_ACCEPT_HANG, .play = play, .then = HIJACKED_WAIT);
FAULT_PLAYED(FAULT_RESET_IN_BODY, .play = play, .then = HIJACKED_RESET);
FAULT_PLAYED(FAULT_STOP_READING, .play = play, .then = HIJACKED_WAIT);
/* What the client sends is read and dropped, before the FIN or after it: unread
 * it would make an RST of the close, now and then. */
FAULT_PLAYED(FAULT_ACCEPT_CLOSE, .play = play, .then = HIJACKED_HALF_CLOSE);
FAULT_PLAYED(FAULT_CLOSE_IN_BODY, .play = play, .then = HIJACKED_HALF_CLOSE);

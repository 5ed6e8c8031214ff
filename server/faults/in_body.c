/* SPDX-License-Identifier: Apache-2.0 */
/* The server gives up inside the request's body. */

#include "server/exchange.h"
#include "server/fault.h"
#include "server/hijacked.h"

static void play_stop(struct hijacked *hijacked)
{
    exchange_hanging(exchange_of(hijacked));
    hijacked_play(hijacked, HIJACKED_WAIT, 0, ANSWER_NONE);
}

/* The rest is read and dropped, or the FIN would become an RST. */
static void play_close(struct hijacked *hijacked)
{
    hijacked_play(hijacked, HIJACKED_HALF_CLOSE, 0, ANSWER_NONE);
}

static void play_reset(struct hijacked *hijacked)
{
    hijacked_play(hijacked, HIJACKED_RESET, 0, ANSWER_NONE);
}

FAULT_PLAYED(FAULT_STOP_READING, .play = play_stop);
FAULT_PLAYED(FAULT_CLOSE_IN_BODY, .play = play_close);
FAULT_PLAYED(FAULT_RESET_IN_BODY, .play = play_reset);

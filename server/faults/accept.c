/* SPDX-License-Identifier: Apache-2.0 */
/* A connection that dies, or falls silent, as soon as it is accepted: what a
 * client meets that connects to a server which is going down. */

#include "server/fault.h"
#include "server/hijacked.h"

static void play_reset(struct hijacked *hijacked)
{
    hijacked_play(hijacked, HIJACKED_RESET, 0, ANSWER_NONE);
}

/* What the client sends is read and dropped, before the FIN or after it: unread
 * it would make an RST of the close, now and then. */
static void play_close(struct hijacked *hijacked)
{
    hijacked_play(hijacked, HIJACKED_HALF_CLOSE, 0, ANSWER_NONE);
}

static void play_hang(struct hijacked *hijacked)
{
    hijacked_play(hijacked, HIJACKED_WAIT, 0, ANSWER_NONE);
}

FAULT_PLAYED(FAULT_ACCEPT_RESET, .play = play_reset);
FAULT_PLAYED(FAULT_ACCEPT_CLOSE, .play = play_close);
FAULT_PLAYED(FAULT_ACCEPT_HANG, .play = play_hang);

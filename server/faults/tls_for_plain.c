/* SPDX-License-Identifier: Apache-2.0 */
/* The port speaks TLS, and the client does not know: what it says in the clear
 * is no handshake, and an alert is all that it is told. */

#include "server/fault.h"
#include "server/faults/forge.h"

#define ALERT              "\x15\x03\x03\x00\x02"
#define FATAL              "\x02"
#define UNEXPECTED_MESSAGE "\x0a"

static void answer(struct hijacked *hijacked)
{
    static const char alert[] = ALERT FATAL UNEXPECTED_MESSAGE;

    forge_bytes(hijacked, alert, sizeof alert - 1);
    hijacked_play(hijacked, HIJACKED_HALF_CLOSE, 0, ANSWER_NONE);
}

static void play(struct hijacked *hijacked)
{
    hijacked_await(hijacked, answer);
}

FAULT_PLAYED(FAULT_TLS_FOR_PLAIN, .play = play);

/* SPDX-License-Identifier: Apache-2.0 */
/* The server speaks first: some proxies say 408 to a connection that has asked
 * for nothing yet. */

#include "server/fault.h"
#include "server/faults/forge.h"

/* The request that it crosses is read and dropped: unread it would make an RST
 * of the FIN, now and then. */
static void play(struct hijacked *hijacked)
{
    forge_text(hijacked, "HTTP/1.1 408 Request Timeout\r\n"
                         "Connection: close\r\nContent-Length: 0\r\n\r\n");
    hijacked_play(hijacked, HIJACKED_HALF_CLOSE, 0, ANSWER_NONE);
}

FAULT_PLAYED(FAULT_ACCEPT_ANSWER, .play = play);

/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes that are no HTTP: what a client reads that reaches another protocol's
 * port. */

#include "server/fault.h"
#include "server/faults/forge.h"

static void play(struct hijacked *hijacked)
{
    static const char bytes[] =
        "\x15\x03\x01\x00\x02\x02\x46 no HTTP is spoken here\x00\xff\xfe\r\n";

    forge_bytes(hijacked, bytes, sizeof bytes - 1);
    hijacked_play(hijacked, HIJACKED_CLOSE, 0, ANSWER_NONE);
}

FAULT_PLAYED(FAULT_GARBAGE, .play = play);

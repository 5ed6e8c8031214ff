/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a TLS connection that nobody has vouched for: FIN without
 * close_notify, as whoever sits between the two could send it. What has a
 * length is whole all the same (linger.c); what has none is not (RFC 9112,
 * 9.8). */

#include "server/fault.h"
#include "server/faults/forge.h"

static void play(struct hijacked *hijacked)
{
    forge_open(hijacked);
    forge_blank(hijacked);
    forge_body(hijacked);
    forge_note(hijacked);
    hijacked_play(hijacked, HIJACKED_CUT, 0, ANSWER_CUT);
}

FAULT_PLAYED(FAULT_TLS_CUT_END, .play = play);

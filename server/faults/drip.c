/* SPDX-License-Identifier: Apache-2.0 */
/* An answer whose head comes byte by byte, or its body. */

#include "server/fault.h"
#include "server/faults/forge.h"

static void pace(struct hijacked *hijacked)
{
    send_buffer_pace(&hijacked->out, 1, forge_param(hijacked, PARAM_EVERY));
}

/* The body comes with the head's last byte: a client that goes by the status
 * may leave as soon as it has the head, and whether it had the whole answer
 * would be a matter of chance. */
static void play_headers(struct hijacked *hijacked)
{
    forge_start(hijacked, false);
    pace(hijacked);
    forge_head(hijacked);
    send_buffer_pace_end(&hijacked->out);
    forge_body(hijacked);
    forge_end(hijacked);
}

static void play_body(struct hijacked *hijacked)
{
    forge_start(hijacked, false);
    forge_head(hijacked);
    pace(hijacked);
    forge_body(hijacked);
    forge_end(hijacked);
}

FAULT_PLAYED(FAULT_DRIP_HEADERS, .play = play_headers);
FAULT_PLAYED(FAULT_DRIP_BODY, .play = play_body);

/* An answer whose head comes byte by byte, or its body. */

#include "server/fault.h"
#include "server/faults/forge.h"

static void pace(struct taken *taken)
{
    outgoing_pace(&taken->out, 1, forge_param(taken, PARAM_EVERY));
}

/* The body comes with the head's last byte: a client that goes by the status
 * may leave as soon as it has the head, and whether it had the whole answer
 * would be a matter of chance. */
static void play_headers(struct taken *taken)
{
    forge_start(taken, false);
    pace(taken);
    forge_head(taken);
    outgoing_pace_end(&taken->out);
    forge_body(taken);
    forge_end(taken);
}

static void play_body(struct taken *taken)
{
    forge_start(taken, false);
    forge_head(taken);
    pace(taken);
    forge_body(taken);
    forge_end(taken);
}

const struct fault_entry fault_drip_headers = {FAULT_DRIP_HEADERS,
                                               .play = play_headers};
const struct fault_entry fault_drip_body = {FAULT_DRIP_BODY, .play = play_body};

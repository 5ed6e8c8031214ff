/* An answer that comes byte by byte, from its start or from its body on. */

#include "server/fault.h"
#include "server/forge.h"

static void pace(struct taken *taken)
{
    outgoing_pace(&taken->out, 1, forge_param(taken, PARAM_EVERY));
}

static void play_headers(struct taken *taken)
{
    forge_start(taken, false);
    pace(taken);
    forge_all(taken);
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
const struct fault_entry fault_drip_body = {FAULT_DRIP_BODY,
                                            .play = play_body};

/* An answer with more of a body than it may have. */

#include "server/fault.h"
#include "server/faults/forge.h"

static void answer_and_more(struct hijacked *hijacked)
{
    forge_start(hijacked, false);
    forge_all(hijacked);
    forge_text(hijacked, "{\"more\":\"than was said\"}");
    forge_end(hijacked);
}

const struct fault_entry fault_body_after_204 = {FAULT_BODY_AFTER_204,
                                                 .play = answer_and_more};
const struct fault_entry fault_body_too_long = {FAULT_BODY_TOO_LONG,
                                                .play = answer_and_more};

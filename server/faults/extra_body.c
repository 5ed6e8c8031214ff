/* An answer with more of a body than it may have. */

#include "server/fault.h"
#include "server/faults/forge.h"

static void answer_and_more(struct taken *taken)
{
    forge_start(taken, false);
    forge_all(taken);
    forge_text(taken, "{\"more\":\"than was said\"}");
    forge_end(taken);
}

const struct fault_entry fault_body_after_204 = {FAULT_BODY_AFTER_204,
                                                 .play = answer_and_more};
const struct fault_entry fault_body_too_long = {FAULT_BODY_TOO_LONG,
                                                .play = answer_and_more};

/* A body that is said to be gzip, and is not. */

#include "server/fault.h"
#include "server/faults/forge.h"

static void play(struct taken *taken)
{
    forge_start(taken, false);
    forge_status_line(taken);
    forge_text(taken, "Content-Encoding: gzip\r\n");
    forge_rest(taken);
    forge_end(taken);
}

const struct fault_entry fault_false_gzip = {FAULT_FALSE_GZIP, .play = play};

/* The connection ends as a crashed server's does: RST. */

#include "server/fault.h"
#include "server/taken.h"

static void play(struct taken *taken)
{
    taken_play(taken, TAKEN_RESET, 0, ANSWER_NONE);
}

const struct fault_entry fault_reset = {FAULT_RESET, .play = play};

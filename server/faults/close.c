/* The connection ends as a server ends it that has nothing to say: FIN. */

#include "server/fault.h"
#include "server/taken.h"

static void play(struct taken *taken)
{
    taken_play(taken, TAKEN_CLOSE, 0, ANSWER_NONE);
}

const struct fault_entry fault_close = {FAULT_CLOSE, .play = play};

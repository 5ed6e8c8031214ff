/* The connection ends as a crashed server's does: RST. */

#include "server/exchange.h"
#include "server/fault.h"
#include "server/state.h"
#include "server/taken.h"

static void play(struct taken *taken)
{
    exchange_answering(taken->exchange);
    taken_reset(taken, ANSWER_NONE);
}

const struct fault_entry fault_reset = {FAULT_RESET, play};

/* The connection stays as it is. When the client goes, that is written down:
 * it is its request timeout, seen from here. */

#include "server/exchange.h"
#include "server/fault.h"
#include "server/state.h"
#include "server/taken.h"

static void play(struct taken *taken)
{
    exchange_hanging(taken->exchange);
    taken_play(taken, TAKEN_WAIT, 0, ANSWER_NONE);
}

const struct fault_entry fault_hang = {FAULT_HANG, .play = play};

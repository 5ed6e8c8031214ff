/* The connection ends as a server ends it that has nothing to say: FIN. */

#include "server/exchange.h"
#include "server/fault.h"
#include "server/state.h"
#include "server/taken.h"

static void play(struct taken *taken)
{
    struct attempt *attempt = taken->exchange->attempt;

    exchange_answering(taken->exchange);
    /* The record keeps the attempt; the taken connection is gone after. */
    attempt->answered_ns = server_now_ns(taken->server);
    taken_close(taken, ANSWER_NONE);
}

const struct fault_entry fault_close = {FAULT_CLOSE, play};

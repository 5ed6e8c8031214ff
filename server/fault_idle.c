/* An answer that keeps the connection, which then dies while nothing is under
 * way on it: what a load balancer does to connections it has forgotten. */

#include "server/fault.h"
#include "server/forge.h"

static void answer_and_end(struct taken *taken, enum taken_then then)
{
    forge_start(taken, true);
    forge_all(taken);
    forge_note(taken);
    taken_play(taken, then, forge_param(taken, PARAM_IDLE), ANSWER_COMPLETE);
}

static void play_close(struct taken *taken)
{
    answer_and_end(taken, TAKEN_CLOSE);
}

static void play_reset(struct taken *taken)
{
    answer_and_end(taken, TAKEN_RESET);
}

const struct fault_entry fault_close_idle = {FAULT_CLOSE_IDLE,
                                             .play = play_close};
const struct fault_entry fault_reset_idle = {FAULT_RESET_IDLE,
                                             .play = play_reset};

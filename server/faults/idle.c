/* An answer that keeps the connection, which then dies while nothing is under
 * way on it: what a load balancer does to connections it has forgotten. Before
 * that, more may have come on it than was asked for. */

#include "server/fault.h"
#include "server/faults/forge.h"

static void start(struct taken *taken)
{
    forge_start(taken, true);
    forge_all(taken);
    forge_note(taken);
}

static void end(struct taken *taken, enum taken_then then)
{
    taken_play(taken, then, forge_param(taken, PARAM_IDLE), ANSWER_COMPLETE);
}

static void play_close(struct taken *taken)
{
    start(taken);
    end(taken, TAKEN_CLOSE);
}

static void play_reset(struct taken *taken)
{
    start(taken);
    end(taken, TAKEN_RESET);
}

static void play_twice(struct taken *taken)
{
    start(taken);
    forge_all(taken);
    end(taken, TAKEN_CLOSE);
}

static void play_junk(struct taken *taken)
{
    start(taken);
    forge_text(taken, "\x01 this is no answer\r\n");
    end(taken, TAKEN_CLOSE);
}

const struct fault_entry fault_close_idle = {FAULT_CLOSE_IDLE,
                                             .play = play_close};
const struct fault_entry fault_reset_idle = {FAULT_RESET_IDLE,
                                             .play = play_reset};
const struct fault_entry fault_answered_twice = {FAULT_ANSWERED_TWICE,
                                                 .play = play_twice};
const struct fault_entry fault_junk_after = {FAULT_JUNK_AFTER,
                                             .play = play_junk};

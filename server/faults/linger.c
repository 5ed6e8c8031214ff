/* An answer after which the two sides disagree whether the connection goes
 * on: it was kept and our side closes, or it was to close and stays open. */

#include "server/fault.h"
#include "server/faults/forge.h"

static void answer_and_end(struct taken *taken, bool kept, enum taken_then then)
{
    forge_start(taken, kept);
    forge_all(taken);
    forge_note(taken);
    taken_play(taken, then, 0, ANSWER_COMPLETE);
}

static void play_half_close(struct taken *taken)
{
    answer_and_end(taken, true, TAKEN_HALF_CLOSE);
}

static void play_linger(struct taken *taken)
{
    answer_and_end(taken, false, TAKEN_LINGER);
}

static void play_reset(struct taken *taken)
{
    answer_and_end(taken, false, TAKEN_RESET);
}

const struct fault_entry fault_half_close = {FAULT_HALF_CLOSE,
                                             .play = play_half_close};
const struct fault_entry fault_linger = {FAULT_LINGER, .play = play_linger};
const struct fault_entry fault_answer_then_reset = {FAULT_ANSWER_THEN_RESET,
                                                    .play = play_reset};

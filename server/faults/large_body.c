/* An answer with a body that is too much: without an end, or of many bytes.
 * What repeats is kept once. */

#include "server/fault.h"
#include "server/faults/forge.h"

static void play_endless(struct taken *taken)
{
    forge_start(taken, false);
    forge_status_line(taken);
    forge_fields(taken);
    forge_chunked(taken);
    forge_blank(taken);
    outgoing_pace(&taken->out, 0, forge_param(taken, PARAM_EVERY));
    forge_repeat(taken, "10\r\nthere is no end \r\n", OUTGOING_FOR_EVER);
    forge_note(taken);
    taken_play(taken, TAKEN_CLOSE, 0, ANSWER_CUT);
}

static void play_huge(struct taken *taken)
{
    uint64_t bytes = (uint64_t)forge_param(taken, PARAM_BYTES);

    forge_start(taken, false);
    forge_status_line(taken);
    forge_fields(taken);
    forge_length_of(taken, bytes);
    forge_blank(taken);
    forge_repeat(taken, " ", bytes);
    forge_end(taken);
}

const struct fault_entry fault_endless_body = {FAULT_ENDLESS_BODY,
                                               .play = play_endless};
const struct fault_entry fault_huge_body = {FAULT_HUGE_BODY, .play = play_huge};

/* An answer that ends, or stops, inside its head. */

#include "server/exchange.h"
#include "server/fault.h"
#include "server/faults/forge.h"

/* Leaves `after` bytes of what was added since `from`. */
static void cut(struct taken *taken, size_t from)
{
    struct bytes *out = &taken->out.out;
    size_t        kept = (size_t)forge_param(taken, PARAM_AFTER);

    if (kept < out->length - from)
        out->length = from + kept;
}

static void play_status_line(struct taken *taken)
{
    forge_start(taken, false);
    forge_status_line(taken);
    cut(taken, 0);
    taken_play(taken, forge_then(taken), 0, ANSWER_CUT);
}

static void start_headers(struct taken *taken)
{
    size_t from;

    forge_start(taken, false);
    forge_status_line(taken);
    from = taken->out.out.length;
    forge_fields(taken);
    forge_length(taken);
    cut(taken, from);
    forge_note(taken);
}

static void play_headers(struct taken *taken)
{
    start_headers(taken);
    taken_play(taken, forge_then(taken), 0, ANSWER_CUT);
}

static void play_stall(struct taken *taken)
{
    exchange_hanging(taken->exchange);
    start_headers(taken);
    taken_play(taken, TAKEN_WAIT, 0, ANSWER_CUT);
}

const struct fault_entry fault_cut_status_line = {FAULT_CUT_STATUS_LINE,
                                                  .play = play_status_line};
const struct fault_entry fault_cut_headers = {FAULT_CUT_HEADERS,
                                              .play = play_headers};
const struct fault_entry fault_stall_headers = {FAULT_STALL_HEADERS,
                                                .play = play_stall};

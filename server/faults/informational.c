/* An answer with a 1xx in front of it, which a client has to pass over. */

#include "server/fault.h"
#include "server/faults/forge.h"

static void answer_after(struct taken *taken, const char *informational)
{
    forge_start(taken, false);
    forge_text(taken, informational);
    forge_all(taken);
    forge_end(taken);
}

static void play_100(struct taken *taken)
{
    answer_after(taken, "HTTP/1.1 100 Continue\r\n\r\n");
}

static void play_102(struct taken *taken)
{
    answer_after(taken, "HTTP/1.1 102 Processing\r\n\r\n");
}

static void play_103(struct taken *taken)
{
    answer_after(taken, "HTTP/1.1 103 Early Hints\r\n"
                        "Link: </retrial>; rel=preload\r\n\r\n");
}

const struct fault_entry fault_continue_first = {FAULT_CONTINUE_FIRST,
                                                 .play = play_100};
const struct fault_entry fault_processing_first = {FAULT_PROCESSING_FIRST,
                                                   .play = play_102};
const struct fault_entry fault_hints_first = {FAULT_HINTS_FIRST,
                                              .play = play_103};

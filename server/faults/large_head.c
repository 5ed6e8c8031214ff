/* An answer with a head that is too much: one field, or many. What repeats is
 * kept once. */

#include "server/fault.h"
#include "server/faults/forge.h"

static void play_huge(struct taken *taken)
{
    forge_start(taken, false);
    forge_status_line(taken);
    forge_text(taken, "X-Retrial: ");
    forge_repeat(taken, "a", (uint64_t)forge_param(taken, PARAM_BYTES));
    forge_text(taken, "\r\n");
    forge_rest(taken);
    forge_end(taken);
}

static void play_many(struct taken *taken)
{
    forge_start(taken, false);
    forge_status_line(taken);
    forge_repeat(taken, "X-Retrial: one of many\r\n",
                 (uint64_t)forge_param(taken, PARAM_COUNT));
    forge_rest(taken);
    forge_end(taken);
}

const struct fault_entry fault_huge_header = {FAULT_HUGE_HEADER,
                                              .play = play_huge};
const struct fault_entry fault_many_headers = {FAULT_MANY_HEADERS,
                                               .play = play_many};

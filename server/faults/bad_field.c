/* An answer that is whole, with one line in its header that is wrong. */

#include "server/fault.h"
#include "server/faults/forge.h"

static void answer_with(struct taken *taken, const char *line, size_t length)
{
    forge_start(taken, false);
    forge_status_line(taken);
    forge_bytes(taken, line, length);
    forge_rest(taken);
    forge_end(taken);
}

static void play_no_colon(struct taken *taken)
{
    static const char line[] = "X-Retrial-Without-Colon\r\n";

    answer_with(taken, line, sizeof line - 1);
}

static void play_folded(struct taken *taken)
{
    static const char line[] = "X-Retrial: on\r\n two lines\r\n";

    answer_with(taken, line, sizeof line - 1);
}

static void play_nul(struct taken *taken)
{
    static const char line[] = "X-Retrial: a\0b\r\n";

    answer_with(taken, line, sizeof line - 1);
}

const struct fault_entry fault_no_colon = {FAULT_NO_COLON,
                                           .play = play_no_colon};
const struct fault_entry fault_folded_header = {FAULT_FOLDED_HEADER,
                                                .play = play_folded};
const struct fault_entry fault_nul_header = {FAULT_NUL_HEADER,
                                             .play = play_nul};

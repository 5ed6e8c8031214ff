/* SPDX-License-Identifier: Apache-2.0 */
/* An answer that is whole, with one line in its header that is wrong. */

#include "server/fault.h"
#include "server/faults/forge.h"

static void answer_with(struct hijacked *hijacked, const char *line,
                        size_t length)
{
    forge_start(hijacked, false);
    forge_status_line(hijacked);
    forge_bytes(hijacked, line, length);
    forge_rest(hijacked);
    forge_end(hijacked);
}

static void play_no_colon(struct hijacked *hijacked)
{
    static const char line[] = "X-Retrial-Without-Colon\r\n";

    answer_with(hijacked, line, sizeof line - 1);
}

static void play_folded(struct hijacked *hijacked)
{
    static const char line[] = "X-Retrial: on\r\n two lines\r\n";

    answer_with(hijacked, line, sizeof line - 1);
}

static void play_nul(struct hijacked *hijacked)
{
    static const char line[] = "X-Retrial: a\0b\r\n";

    answer_with(hijacked, line, sizeof line - 1);
}

FAULT_PLAYED(FAULT_NO_COLON, .play = play_no_colon);
FAULT_PLAYED(FAULT_FOLDED_HEADER, .play = play_folded);
FAULT_PLAYED(FAULT_NUL_HEADER, .play = play_nul);

/* SPDX-License-Identifier: Apache-2.0 */
/* An answer that is whole, with one line in its header that is wrong, or not
 * true: a body that is said to be gzip, and is not. */

#include "server/fault.h"
#include "server/faults/forge.h"

static void play(struct hijacked *hijacked)
{
    forge_start(hijacked, false);
    forge_status_line(hijacked);
    forge_word(hijacked);
    forge_rest(hijacked);
    forge_end(hijacked);
}

FAULT_PLAYED(FAULT_NO_COLON, .play = play,
             .text = "X-Retrial-Without-Colon\r\n");
FAULT_PLAYED(FAULT_FOLDED_HEADER, .play = play,
             .text = "X-Retrial: on\r\n two lines\r\n");
FAULT_PLAYED(FAULT_NUL_HEADER, .play = play, .text = "X-Retrial: a\0b\r\n",
             .text_bytes = sizeof "X-Retrial: a\0b\r\n" - 1);
FAULT_PLAYED(FAULT_FALSE_GZIP, .play = play,
             .text = "Content-Encoding: gzip\r\n");

/* SPDX-License-Identifier: Apache-2.0 */
/* An answer that is whole but for its status line. */

#include "server/exchange.h"
#include "server/fault.h"
#include "server/faults/forge.h"

static void end(struct hijacked *hijacked)
{
    forge_rest(hijacked);
    hijacked_play(hijacked, HIJACKED_CLOSE, 0, ANSWER_COMPLETE);
}

/* A line of our own. No status was sent that could stand in the record. */
static void answer_below(struct hijacked *hijacked, const char *line)
{
    forge_start(hijacked, false);
    forge_text(hijacked, line);
    end(hijacked);
}

static void play_99(struct hijacked *hijacked)
{
    answer_below(hijacked, "HTTP/1.1 99 Too Low\r\n");
}

static void play_1000(struct hijacked *hijacked)
{
    answer_below(hijacked, "HTTP/1.1 1000 Too High\r\n");
}

static void play_word(struct hijacked *hijacked)
{
    answer_below(hijacked, "HTTP/1.1 fine OK\r\n");
}

/* The answer's own status. */
static void answer_with(struct hijacked *hijacked, const char *version,
                        const char *reason)
{
    forge_start(hijacked, false);
    bytes_format(&hijacked->out.out, "%s %d %s\r\n", version,
                 exchange_of(hijacked)->response.status, reason);
    forge_note(hijacked);
    end(hijacked);
}

static void play_version(struct hijacked *hijacked)
{
    answer_with(hijacked, "HTTP/9.9", "OK");
}

static void play_own(struct hijacked *hijacked)
{
    answer_with(hijacked, "HTTP/1.1", "Nobody Expects This");
}

static void play_none(struct hijacked *hijacked)
{
    answer_with(hijacked, "HTTP/1.1", "");
}

FAULT_PLAYED(FAULT_WRONG_VERSION, .play = play_version);
FAULT_PLAYED(FAULT_STATUS_99, .play = play_99);
FAULT_PLAYED(FAULT_STATUS_1000, .play = play_1000);
FAULT_PLAYED(FAULT_STATUS_WORD, .play = play_word);
FAULT_PLAYED(FAULT_REASON_OWN, .play = play_own);
FAULT_PLAYED(FAULT_REASON_NONE, .play = play_none);

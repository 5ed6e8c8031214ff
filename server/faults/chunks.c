/* An answer in chunks, one of which is framed wrongly. */

#include "server/exchange.h"
#include "server/fault.h"
#include "server/faults/forge.h"

static void answer_in_chunks(struct taken *taken, const char *size)
{
    forge_start(taken, false);
    forge_status_line(taken);
    forge_fields(taken);
    forge_chunked(taken);
    forge_blank(taken);
    forge_text(taken, size);
    forge_text(taken, "\r\n");
    forge_body(taken);
    forge_text(taken, "\r\nretrial\r\n0\r\n\r\n");
    forge_note(taken);
    taken_play(taken, TAKEN_CLOSE, 0, ANSWER_CUT);
}

static void play_junk(struct taken *taken)
{
    answer_in_chunks(taken, "zz");
}

static void play_too_long(struct taken *taken)
{
    answer_in_chunks(taken, "1");
}

const struct fault_entry fault_chunk_size_junk = {FAULT_CHUNK_SIZE_JUNK,
                                                  .play = play_junk};
const struct fault_entry fault_chunk_too_long = {FAULT_CHUNK_TOO_LONG,
                                                 .play = play_too_long};

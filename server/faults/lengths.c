/* An answer that says more than once, or badly, how long its body is. */

#include "server/exchange.h"
#include "server/fault.h"
#include "server/faults/forge.h"

static void start(struct taken *taken)
{
    forge_start(taken, false);
    forge_status_line(taken);
    forge_fields(taken);
}

static void end(struct taken *taken)
{
    forge_blank(taken);
    forge_body(taken);
    forge_end(taken);
}

static void play_two(struct taken *taken)
{
    start(taken);
    forge_length(taken);
    forge_length_of(taken, taken->exchange->reply.body_bytes + 10);
    end(taken);
}

static void play_twice(struct taken *taken)
{
    start(taken);
    forge_length(taken);
    forge_length(taken);
    end(taken);
}

static void play_word(struct taken *taken)
{
    start(taken);
    forge_text(taken, "Content-Length: all\r\n");
    end(taken);
}

static void play_chunks(struct taken *taken)
{
    start(taken);
    forge_length(taken);
    forge_chunked(taken);
    forge_blank(taken);
    forge_chunk(taken, taken->exchange->reply.body_bytes);
    forge_text(taken, "0\r\n\r\n");
    forge_end(taken);
}

const struct fault_entry fault_two_lengths = {FAULT_TWO_LENGTHS,
                                              .play = play_two};
const struct fault_entry fault_length_twice = {FAULT_LENGTH_TWICE,
                                               .play = play_twice};
const struct fault_entry fault_length_word = {FAULT_LENGTH_WORD,
                                              .play = play_word};
const struct fault_entry fault_length_and_chunks = {FAULT_LENGTH_AND_CHUNKS,
                                                    .play = play_chunks};

/* The port speaks TLS, and the client does not know: what it says in the clear
 * is no handshake, and an alert is all that it is told. */

#include "server/fault.h"
#include "server/faults/forge.h"

#define ALERT              "\x15\x03\x03\x00\x02"
#define FATAL              "\x02"
#define UNEXPECTED_MESSAGE "\x0a"

static void answer(struct taken *taken)
{
    static const char alert[] = ALERT FATAL UNEXPECTED_MESSAGE;

    forge_bytes(taken, alert, sizeof alert - 1);
    taken_play(taken, TAKEN_HALF_CLOSE, 0, ANSWER_NONE);
}

static void play(struct taken *taken)
{
    taken_await(taken, answer);
}

const struct fault_entry fault_tls_for_plain = {FAULT_TLS_FOR_PLAIN,
                                                .play = play};

#ifndef SERVER_HANDSHAKE_H
#define SERVER_HANDSHAKE_H

/* The TLS handshake of a tunnel: as a server of today makes it, or as a fault
 * spoils it. Ends with tunnel_open or tunnel_free; a handshake that a fault
 * breaks off stays, without limit, until the client goes.
 *
 * What the client made of it is written down: the alert that it sent, that it
 * went, or that it went on. */

#include "server/keys/authority.h"

#include <stdbool.h>

struct step;
struct tunnel;

/* Where it ends, once the client's hello was read and so many bytes were sent
 * as the fault says. */
enum handshake_end {
    HANDSHAKE_WHOLE,
    HANDSHAKE_STALLED, /* nothing more is sent */
    HANDSHAKE_CLOSED,  /* FIN; what comes is read until the client goes */
    HANDSHAKE_RESET,   /* RST */
};

/* What is wrong with it. All zero: nothing. */
struct spoil {
    enum certificate   certificate;
    bool               old; /* nothing newer than TLS 1.1 is spoken */
    enum handshake_end end;
    const char        *says; /* in the clear, before it closes; or NULL */
};

/* spoiled: the step whose fault strikes; NULL = none. */
void handshake_start(struct tunnel *tunnel, const struct step *spoiled);
/* The session stood, and the client sent a fatal alert in it. */
void handshake_note_alert(struct tunnel *tunnel);
/* The tunnel goes: the strike in the record says what came of it. */
void handshake_clear(struct tunnel *tunnel);

#endif

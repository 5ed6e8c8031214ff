/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_PROOF_PROOF_H
#define RUNNER_PROOF_PROOF_H

/* The proof of a fault: played by this very server to a raw peer (peer.h),
 * which says what it saw, against what proof_table.c promises. A verdict may
 * rest on a fault only because this holds: a reset that is a FIN, a cut that
 * never ends, a delay that is none would lie to every client.
 *
 * A proof takes as long as its fault: milliseconds for most, a second or two
 * for a port that opens late. It waits for nothing that is not an event, but
 * for silence: that is a quarter of a second in which nothing came. */

#include "common/clock.h"
#include "common/err.h"
#include "model/fault.h"
#include "model/proof.h"
#include "runner/proof/peer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a peer is to see up to some point. Texts may hold any byte but NUL. */
struct promise_look {
    enum peer_state state;
    const char     *starts; /* NULL = no byte comes */
    const char     *holds;  /* somewhere; NULL = anything */
    const char     *ends;   /* the last bytes, as far as they are kept */
    size_t          least_bytes;
    enum peer_tls   tls;
    int             alert; /* PEER_ALERTED: which */
    bool            notified; /* the end was announced (close_notify) */
};

/* What is promised of a fault. */
struct promise {
    const char         *in_words;
    struct promise_look held_back; /* before the rest of the body was sent;
                                    * only of faults within the request */
    struct promise_look in_the_end;
    int64_t             least_ms; /* from the first byte (without one, from the
                                   * beginning) to the end; 0 = no matter */
    bool        expects; /* the request says Expect: 100-continue */
    const char *met; /* what the record says of the client; or NULL */
};

const struct promise *promise_of(enum fault fault);

size_t proof_count(void); /* how many there are in all */
enum fault proof_fault(size_t index);
struct proof proof_nth(size_t index); /* which it is, before it is made */
/* Makes the index-th: 0, 1, 2 ... False: it could not be made at all. */
bool MUST_USE proof_make(size_t index, struct proof *proof, struct err *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_FAULT_H
#define SERVER_FAULT_H

/* How the faults of model/fault.h are played: a file each, or one for a few
 * that differ in a word, with a line of FAULT_PLAYED each, which has that word.
 *
 * Those of a port are port.c's, before a connection is made. Those of a TLS
 * handshake say how to spoil it (handshake.h). All others get a hijacked
 * connection, and go on with it in one of the ways of hijacked.h: at accept
 * without a request, before the body is whole with its head, else with the
 * whole request. What is sent early, around libmicrohttpd, which reads on, is
 * `early`; then `play` comes when the request is whole, or, where there is
 * none, the answer goes its usual way. */

#include "model/fault.h"
#include "server/ending.h"

#include <stdbool.h>
#include <stddef.h>

struct exchange;
struct spoil;
struct hijacked;

struct fault_entry {
    void (*play)(struct hijacked *hijacked);
    void (*early)(struct exchange *exchange); /* the head was read */
    /* False: the answer goes its usual way. NULL: every request. */
    bool (*concerns)(const struct exchange *exchange);
    const struct spoil *spoil; /* of the handshake; NULL: it is played */
    /* The word in which it differs: what is said, or how it ends. */
    const char        *text;
    size_t             text_bytes; /* where the text holds a NUL */
    enum hijacked_then then;
};

#define FAULT_ENTRY(fault_) fault_##_entry
#define FAULT_PLAYED(fault_, ...)                                              \
    const struct fault_entry FAULT_ENTRY(fault_) = {__VA_ARGS__}

#define X(fault_, ...) extern const struct fault_entry FAULT_ENTRY(fault_);
FAULT_MAP(X)
#undef X

/* Every fault has an entry but FAULT_NONE; it is empty for those of a port. */
const struct fault_entry *fault_entry(enum fault fault);

#endif

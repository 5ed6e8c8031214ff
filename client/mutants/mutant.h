/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_MUTANTS_MUTANT_H
#define CLIENT_MUTANTS_MUTANT_H

/* Deliberate mistakes: for each rule that is checked, a client that breaks it
 * and is right in everything else. A certifier that passes one of them is
 * itself broken. They are hooks (client/hook.h) on the ordinary client, linked
 * into retrial-mutant and nothing else.
 *
 * A file of them (in client/mutants/) is about one thing, and ends with its
 * list: to add a mutant, write its hook and its line there. What a mistake
 * remembers of its client, it forgets when the next one is configured: one
 * process may have several, one after the other (--stdio). */

#include "client/hook.h"

#include <stddef.h>

struct mutant {
    const char  *name;
    const char  *rule;     /* the one it breaks first, or "contract" */
    const char  *sentence; /* what it does */
    struct hooks hooks;
};

/* Those that a file declares; one without a name ends each. */
#define MUTANT_FILE_MAP(X)                                                     \
    X(count)                                                                   \
    X(request)                                                                 \
    X(oauth)                                                                   \
    X(status)                                                                  \
    X(network)                                                                 \
    X(tls)                                                                     \
    X(retry_after)                                                             \
    X(backoff)                                                                 \
    X(budget)                                                                  \
    X(config)                                                                  \
    X(delivery)                                                                \
    X(clock)                                                                   \
    X(wire)

#define X(file) extern const struct mutant mutants_##file[];
MUTANT_FILE_MAP(X)
#undef X

const struct mutant *mutant_at(size_t index); /* NULL = no more */
const struct mutant *mutant_find(const char *name); /* NULL = none */

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLIENT_MUTANTS_MUTANT_H
#define CLIENT_MUTANTS_MUTANT_H

/* Deliberate mistakes: for each rule that is checked, a client that breaks it
 * and is right in everything else. A certifier that passes one of them is
 * itself broken. They are hooks (client/hook.h) on the ordinary client, linked
 * into retrial-mutant and nothing else.
 *
 * A file of them (in client/mutants/) is about one thing, and ends with its
 * group: to add a mutant, write its hook and its line there. */

#include "client/hook.h"

#include <stddef.h>

struct mutant {
    const char  *name;
    const char  *rule;     /* the one it breaks first, or "contract" */
    const char  *sentence; /* what it does */
    struct hooks hooks;
};

struct mutant_group {
    const struct mutant *mutants;
    size_t               count;
    /* Forgets what a mistake remembers of its client; NULL = nothing. */
    void (*forget)(void);
};

extern const struct mutant_group mutants_count;
extern const struct mutant_group mutants_request;
extern const struct mutant_group mutants_oauth;
extern const struct mutant_group mutants_status;
extern const struct mutant_group mutants_network;
extern const struct mutant_group mutants_tls;
extern const struct mutant_group mutants_retry_after;
extern const struct mutant_group mutants_backoff;
extern const struct mutant_group mutants_budget;
extern const struct mutant_group mutants_config;
extern const struct mutant_group mutants_delivery;
extern const struct mutant_group mutants_clock;
extern const struct mutant_group mutants_wire;

size_t mutant_count(void);
const struct mutant *mutant_at(size_t index);       /* below the count */
const struct mutant *mutant_find(const char *name); /* NULL = none */

/* What a mistake remembers of its client; one process may have several, one
 * after the other (--stdio). */
void mutant_forget(void);

#endif

#ifndef CLIENT_MUTANT_H
#define CLIENT_MUTANT_H

/* Deliberate mistakes: for each rule that is checked, a client that breaks it
 * and is right in everything else. A certifier that passes one of them is
 * itself broken. They are hooks (client/hook.h) on the ordinary client, linked
 * into retrial-mutant and nothing else. */

#include "client/hook.h"

#include <stddef.h>

struct mutant {
    const char  *name;
    const char  *rule;     /* the one it breaks first, or "contract" */
    const char  *sentence; /* what it does */
    struct hooks hooks;
};

extern const struct mutant mutant_table[];
extern const size_t        mutant_count;

const struct mutant *mutant_find(const char *name); /* NULL = none */

/* What a mistake remembers of its client; one process may have several, one
 * after the other (--stdio). */
void mutant_forget(void);

#endif

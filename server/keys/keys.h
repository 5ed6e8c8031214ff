/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_KEYS_KEYS_H
#define SERVER_KEYS_KEYS_H

/* All the keys of one run. To make one takes a while, so each is made once, for
 * the first who needs it, and lent to all others. */

#include "server/keys/authority.h"
#include "server/keys/credential.h"

#include <stdbool.h>

struct keys {
    struct credential *credential; /* NULL: nobody has OAuth */
    struct authority  *authority; /* NULL: nobody has https; published */
};

/* Makes what is wanted and not there yet; zero keys before the first time. */
bool MUST_USE keys_make(struct keys *keys, bool oauth, bool https,
                        struct err *err);
/* Those of them that somebody has a use for; borrowed. */
struct keys keys_lend(const struct keys *keys, bool oauth, bool https);
/* Removes their files, too. */
void keys_clear(struct keys *keys);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_TRIAL_HOOKS_H
#define RUNNER_TRIAL_HOOKS_H

/* What the server asks of rooms it does not know: the judge reads bodies, the
 * script decides steps. */

#include "lua/script.h"
#include "server/config.h"

struct hooks {
    struct script        *script; /* NULL where no plan decides */
    const struct profile *profile;
    size_t                unpack_bytes; /* that the judge may still unpack */
};

/* Borrowed, as data of the server's; script and profile outlive them. */
struct server_hooks hooks_make(struct hooks *hooks, struct script *script,
                               const struct profile *profile);

#endif

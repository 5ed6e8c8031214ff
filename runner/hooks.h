#ifndef RUNNER_HOOKS_H
#define RUNNER_HOOKS_H

/* What the server asks of rooms it does not know: the judge reads bodies, the
 * script decides steps. */

#include "script/script.h"
#include "server/server.h"

/* script may be NULL where no plan decides. data of the hooks is the
 * script. */
struct server_hooks hooks_make(struct script *script);

#endif

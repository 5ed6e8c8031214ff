/* SPDX-License-Identifier: Apache-2.0 */
#include "server/keys/keys.h"

#include <stddef.h>

bool keys_make(struct keys *keys, bool oauth, bool https, struct err *err)
{
    if (oauth && keys->credential == NULL &&
        !credential_new(&keys->credential, err))
        return false;
    return !https || keys->authority != NULL ||
           (authority_new(&keys->authority, err) &&
            authority_publish(keys->authority, err));
}

struct keys keys_lend(const struct keys *keys, bool oauth, bool https)
{
    return (struct keys){
        .credential = oauth ? keys->credential : NULL,
        .authority = https ? keys->authority : NULL,
    };
}

void keys_clear(struct keys *keys)
{
    credential_free(keys->credential);
    authority_free(keys->authority);
    *keys = (struct keys){0};
}

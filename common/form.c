/* SPDX-License-Identifier: Apache-2.0 */
#include "common/form.h"

#include <string.h>

const char *form_value(const char *form, const char *name, size_t *length_bytes)
{
    size_t length = strlen(name);

    for (const char *at = form; at != NULL; at = strchr(at, '&')) {
        at += *at == '&';
        if (strncmp(at, name, length) != 0 || at[length] != '=')
            continue;
        at += length + 1;
        *length_bytes = strcspn(at, "&");
        return at;
    }
    return NULL;
}

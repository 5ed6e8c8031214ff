/* SPDX-License-Identifier: Apache-2.0 */
#include "client/mutants/mutant.h"

#include <string.h>

static const struct mutant *const files[] = {
#define X(file) mutants_##file,
    MUTANT_FILE_MAP(X)
#undef X
};

const struct mutant *mutant_at(size_t index)
{
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        for (const struct mutant *at = files[i]; at->name != NULL; at++)
            if (index-- == 0)
                return at;
    return NULL;
}

const struct mutant *mutant_find(const char *name)
{
    const struct mutant *mutant = NULL;

    for (size_t i = 0; (mutant = mutant_at(i)) != NULL; i++)
        if (strcmp(mutant->name, name) == 0)
            break;
    return mutant;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "client/mutants/mutant.h"

#include <string.h>

static const struct mutant_group *const groups[] = {
    &mutants_count,   &mutants_request, &mutants_oauth,       &mutants_status,
    &mutants_network, &mutants_tls,     &mutants_retry_after, &mutants_backoff,
    &mutants_budget,  &mutants_config,  &mutants_delivery,    &mutants_clock,
    &mutants_wire,
};

enum { GROUP_COUNT = sizeof groups / sizeof groups[0] };

size_t mutant_count(void)
{
    size_t count = 0;

    for (size_t i = 0; i < GROUP_COUNT; i++)
        count += groups[i]->count;
    return count;
}

const struct mutant *mutant_at(size_t index)
{
    size_t group = 0;

    while (index >= groups[group]->count)
        index -= groups[group++]->count;
    return &groups[group]->mutants[index];
}

const struct mutant *mutant_find(const char *name)
{
    for (size_t i = 0; i < mutant_count(); i++)
        if (strcmp(mutant_at(i)->name, name) == 0)
            return mutant_at(i);
    return NULL;
}

void mutant_forget(void)
{
    for (size_t i = 0; i < GROUP_COUNT; i++)
        if (groups[i]->forget != NULL)
            groups[i]->forget();
}

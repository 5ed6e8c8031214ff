/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trial/contract.h"

#include "common/bytes.h"

#include <string.h>

static const struct contract *const contracts[] = {
#define X(name) &contract_##name,
    CONTRACT_MAP(X)
#undef X
};

enum { CONTRACT_COUNT = sizeof contracts / sizeof contracts[0] };

const struct contract *contract_find(const char *name)
{
    for (size_t i = 0; i < CONTRACT_COUNT; i++)
        if (strcmp(contracts[i]->name, name) == 0)
            return contracts[i];
    return NULL;
}

char *contract_words(void)
{
    struct bytes words;

    bytes_init(&words, 1 << 10);
    for (size_t i = 0; i < CONTRACT_COUNT; i++) {
        if (i > 0)
            bytes_add(&words, i + 1 < CONTRACT_COUNT ? ", " : " or ");
        bytes_add(&words, contracts[i]->name);
    }
    return bytes_take(&words);
}

#include "server/fault.h"

#include <assert.h>
#include <stddef.h>

static const struct fault_entry *const faults[] = {
#define X(entry) &entry,
    FAULT_ENTRY_MAP(X)
#undef X
};

const struct fault_entry *fault_entry(enum fault fault)
{
    size_t i = 0;

    while (i < sizeof faults / sizeof faults[0] && faults[i]->fault != fault)
        i++;
    assert(i < sizeof faults / sizeof faults[0]);
    return faults[i];
}

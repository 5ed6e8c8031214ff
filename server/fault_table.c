#include "server/fault.h"

#include <assert.h>
#include <stddef.h>

static const struct fault_entry *const faults[] = {
    &fault_close,
    &fault_reset,
    &fault_hang,
};

const struct fault_entry *fault_entry(enum fault fault)
{
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        if (faults[i]->fault == fault)
            return faults[i];
    assert(!"a fault without an entry");
    return NULL;
}

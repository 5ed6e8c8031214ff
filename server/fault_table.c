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
    size_t i = 0;

    while (i < sizeof faults / sizeof faults[0] && faults[i]->fault != fault)
        i++;
    assert(i < sizeof faults / sizeof faults[0]);
    return faults[i];
}

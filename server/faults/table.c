/* SPDX-License-Identifier: Apache-2.0 */
#include "server/fault.h"

#include <assert.h>

const struct fault_entry *fault_entry(enum fault fault)
{
    static const struct fault_entry *const entries[] = {
#define X(fault_, ...) [fault_] = &FAULT_ENTRY(fault_),
        FAULT_MAP(X)
#undef X
    };

    assert(fault > FAULT_NONE && fault < FAULT_COUNT);
    return entries[fault];
}

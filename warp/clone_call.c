/* SPDX-License-Identifier: Apache-2.0 */
#include "warp/clone_call.h"

#include "warp/machine.h"
#include "warp/memory.h"

#include <sched.h>
#include <sys/syscall.h>

const uint32_t clone_untraced = CLONE_UNTRACED;

bool clone_call_show(pid_t tid, const struct call *call)
{
    uint64_t flags = call->args[0];

    if (call->number == SYS_clone) {
        machine_first_argument(tid, flags & ~(uint64_t)CLONE_UNTRACED);
        return true;
    }
    if (call->number != SYS_clone3)
        return false;
    /* Its first argument is where they stand, as the first of a struct. */
    if (memory_read(tid, call->args[0], &flags, sizeof flags) &&
        (flags & CLONE_UNTRACED) != 0) {
        flags &= ~(uint64_t)CLONE_UNTRACED;
        memory_write(tid, call->args[0], &flags, sizeof flags);
    }
    return true;
}

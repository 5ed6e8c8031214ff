/* SPDX-License-Identifier: Apache-2.0 */
#include "warp/memory.h"

#include <sys/ptrace.h>
#include <sys/uio.h>

/* An address of the client's, as the kernel's structures want it. */
static struct iovec there(uint64_t address, size_t bytes)
{
    return (struct iovec){.iov_base = (void *)(uintptr_t)address,
                          .iov_len = bytes};
}

bool memory_read(pid_t tid, uint64_t address, void *to, size_t bytes)
{
    struct iovec ours = {.iov_base = to, .iov_len = bytes};
    struct iovec theirs = there(address, bytes);

    return process_vm_readv(tid, &ours, 1, &theirs, 1, 0) == (ssize_t)bytes;
}

bool memory_write(pid_t tid, uint64_t address, const void *from, size_t bytes)
{
    struct iovec ours = {.iov_base = (void *)(uintptr_t)from, .iov_len = bytes};
    struct iovec theirs = there(address, bytes);

    return process_vm_writev(tid, &ours, 1, &theirs, 1, 0) == (ssize_t)bytes;
}

bool memory_poke(pid_t tid, uint64_t address, uint64_t word)
{
    return ptrace(PTRACE_POKEDATA, tid, (void *)(uintptr_t)address,
                  (void *)(uintptr_t)word) == 0;
}

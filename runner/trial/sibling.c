/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trial/sibling.h"

#include <assert.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

/* For the program's path, which is put together there, and for the filter of a
 * clock that jumps; what is not touched costs nothing. */
enum { STACK_BYTES = 256 * 1024 };

#ifdef __SANITIZE_ADDRESS__

/* It knows of one stack a thread, and would find fault with ours. */
bool sibling_start(struct sibling *sibling, int (*run)(void *context),
                   void           *context)
{
    assert(run != NULL);
    *sibling = (struct sibling){.pid = fork()};
    if (sibling->pid == 0)
        _exit(run(context));
    return sibling->pid > 0;
}

#else

bool sibling_start(struct sibling *sibling, int (*run)(void *context),
                   void           *context)
{
    unsigned char *stack =
        mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);

    *sibling = (struct sibling){.pid = -1};
    if (stack == MAP_FAILED)
        return false;
    sibling->stack = stack;
    sibling->pid = clone(run, stack + STACK_BYTES, CLONE_VM | SIGCHLD, context);
    if (sibling->pid < 0)
        sibling_forget(sibling);
    return sibling->pid > 0;
}

#endif

void sibling_forget(struct sibling *sibling)
{
    if (sibling->stack != NULL)
        munmap(sibling->stack, STACK_BYTES);
    sibling->stack = NULL;
}

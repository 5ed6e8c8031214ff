/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_TRIAL_SIBLING_H
#define RUNNER_TRIAL_SIBLING_H

/* A new process in our own memory, as posix_spawn begins one: it is there at
 * once, where a fork copies page tables, and then each page that either of the
 * two touches. Descriptors, signals and all else are its own.
 *
 * It may not allocate, nor print, nor leave anything changed that we read: it
 * execs soon, or makes system calls alone. Its errno is ours, so none of them
 * may be expected to fail while we look at errno. */

#include <stdbool.h>
#include <sys/types.h>

struct sibling {
    pid_t pid;
    void *stack;
};

/* The new process is run(context), and ends with what that returns. False:
 * there is none, with errno. */
bool sibling_start(struct sibling *sibling, int (*run)(void *context),
                   void           *context);
/* Once it has been waited for, or has begun another program. */
void sibling_forget(struct sibling *sibling);

#endif

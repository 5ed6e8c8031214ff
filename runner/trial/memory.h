/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_TRIAL_MEMORY_H
#define RUNNER_TRIAL_MEMORY_H

/* How much memory a process and what it started hold right now: resident
 * pages, not address space, of which V8, the JVM and sanitizers reserve
 * terabytes that they never touch. */

#include <stddef.h>
#include <sys/types.h>

/* 0 when it is gone. Counts at most TREE_PROCESSES_MAX. */
size_t memory_of_tree_bytes(pid_t root);

#endif

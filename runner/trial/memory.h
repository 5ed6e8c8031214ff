/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_TRIAL_MEMORY_H
#define RUNNER_TRIAL_MEMORY_H

/* How much memory a process and what it started hold right now: resident
 * pages, not address space, of which V8, the JVM and sanitizers reserve
 * terabytes that they never touch. */

#include "common/clock.h"

#include <sys/types.h>

#define MEMORY_LOOK_NS (250 * NS_PER_MS) /* how often it is looked at */

/* The client and all that it started hold more than a client may. Looked at
 * once that is due, and then due anew. Counts at most TREE_PROCESSES_MAX. */
bool memory_is_too_much(pid_t root, int64_t now_ns, int64_t *look_at_ns);

#endif

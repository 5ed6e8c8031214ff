/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_TRIAL_TREE_H
#define RUNNER_TRIAL_TREE_H

/* A process, what it started, what those started, and so on, as /proc has
 * it. */

#include <stddef.h>
#include <sys/types.h>

enum { TREE_PROCESSES_MAX = 256 };

/* The root is the first of them. Gives how many there are. */
size_t tree_list(pid_t root, pid_t pids[TREE_PROCESSES_MAX]);

/* SIGKILL for all of them. The root, whose number is its own until it is waited
 * for, is not waited for. */
void tree_end(pid_t root);

#endif

#ifndef RUNNER_TREE_H
#define RUNNER_TREE_H

/* A process and what it started, as the kernel lists them now. */

#include <stddef.h>
#include <sys/types.h>

enum { TREE_PROCESSES_MAX = 256 };

/* Fills pids, the root first, and returns how many. */
size_t tree_of(pid_t root, pid_t pids[TREE_PROCESSES_MAX]);

#endif

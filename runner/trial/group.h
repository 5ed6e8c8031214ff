/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_TRIAL_GROUP_H
#define RUNNER_TRIAL_GROUP_H

/* A client's process group, and the client itself, which may have gone into
 * another (setpgid): a signal finds both. */

#include <sys/types.h>

/* The leader has not been waited for: its number is its own. */
void group_signal(pid_t leader, int sig);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trial/group.h"

#include <assert.h>
#include <signal.h>
#include <unistd.h>

void group_signal(pid_t leader, int sig)
{
    assert(leader > 1);
    kill(-leader, sig);
    if (getpgid(leader) != leader)
        kill(leader, sig);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "warp/aimed.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

/* One of the client's processes, or a child that one has not waited for. */
static bool is_clients(struct warp *warp, pid_t pid)
{
    enum { GENERATIONS_MAX = 64 };

    for (int i = 0; i < GENERATIONS_MAX && pid > 1; i++) {
        if (threads_find(&warp->threads, pid) != NULL)
            return true;
        for (size_t j = 0; j < warp->threads.count; j++)
            if (thread_group(warp->threads.items[j]) == pid)
                return true; /* its leader has ended */
        pid = aim_parent(pid);
    }
    return false;
}

/* A process group in which one of them is, and we are not. */
static bool is_clients_group(struct warp *warp, pid_t group)
{
    if (group == getpgrp())
        return false;
    for (size_t i = 0; i < warp->threads.count; i++)
        if (aim_group(thread_group(warp->threads.items[i])) == group)
            return true;
    return is_clients(warp, group);
}

static bool is_others(struct warp *warp, pid_t sender, const struct aim *aim)
{
    if (aim->signal == 0 || (kill(aim->at, 0) != 0 && errno == ESRCH))
        return false; /* nobody hears of it */
    if (aim->at > 0)
        return !is_clients(warp, aim->at) && !aim_is_confined(sender);
    return (aim->at == -1 ||
            !is_clients_group(warp,
                              aim->at == 0 ? aim_group(sender) : -aim->at)) &&
           !aim_is_confined(sender);
}

void aimed_judge(struct warp *warp, pid_t tid, const struct aim *aim)
{
    if (!is_others(warp, tid, aim))
        return;
    if (warp->aimed[0] == '\0')
        aim_tell(aim, warp->aimed);
    machine_skip(tid, -EPERM);
}

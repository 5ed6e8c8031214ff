/* SPDX-License-Identifier: Apache-2.0 */
/* How a client comes under a warp. */

#include "warp/filter.h"
#include "warp/state.h"

#include "common/alloc.h"
#include "common/io.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/ptrace.h>
#include <unistd.h>

bool warp_gate_open(struct warp_gate *gate, struct err *err)
{
    if (pipe2(gate->fds, O_CLOEXEC) != 0)
        return err_set_errno(err, "warp", "no descriptors for the client");
    return true;
}

bool warp_enter(struct warp_gate *gate)
{
    char    go;
    ssize_t got;

    close(gate->fds[1]);
    got = io_read(gate->fds[0], &go, 1);
    close(gate->fds[0]);
    if (got == 1)
        return filter_enter();
    errno = EPERM;
    return false;
}

static void follow(struct warp *warp, pid_t pid)
{
    warp->followed = alloc_grow(warp->followed, warp->followed_count + 1,
                                sizeof warp->followed[0]);
    warp->followed[warp->followed_count++] = (struct followed){.pid = pid};
}

bool warp_follow(struct warp *warp, struct warp_gate *gate, pid_t pid,
                 struct err *err)
{
    const long options = PTRACE_O_EXITKILL | PTRACE_O_TRACESECCOMP |
                         PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK |
                         PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC |
                         PTRACE_O_TRACESYSGOOD;
    bool ok = ptrace(PTRACE_SEIZE, pid, NULL, options) == 0;

    assert(pid > 0 && gate->fds[1] >= 0);
    if (ok) {
        threads_add(&warp->threads, pid);
        follow(warp, pid);
        (void)!write(gate->fds[1], "", 1);
    } else {
        err_set_errno(err, "ptrace", "the client cannot be traced");
    }
    io_close(&gate->fds[0]);
    io_close(&gate->fds[1]);
    return ok;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Whether this machine lets us: asked by doing it. A process of its own warps
 * a child that waits an hour, so that nothing of it can disturb the caller. */

#include "warp/warp.h"

#include "common/io.h"

#include <errno.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TRY_LIMIT_NS (5 * NS_PER_S)
#define TRY_AGAIN_NS (200 * NS_PER_US)

/* exit code, what it means */
#define STAGE_MAP(X)                                                           \
    X(STAGE_WORKS, "it works")                                                 \
    X(STAGE_NO_WARP, "signals cannot be read from a descriptor")               \
    X(STAGE_NO_PTRACE, "a process may not trace its own child (ptrace is "     \
                       "forbidden, or another tracer is there)")               \
    X(STAGE_NO_FILTER, "a seccomp filter with a tracer is forbidden")          \
    X(STAGE_NO_JUMP, "/proc does not tell when a traced thread sleeps")

enum stage {
#define X(stage, meaning) stage,
    STAGE_MAP(X)
#undef X
};

static const char *const meanings[] = {
#define X(stage, meaning) meaning,
    STAGE_MAP(X)
#undef X
};

static void wait_an_hour(struct warp_gate *gate)
{
    const struct timespec hour = {.tv_sec = 3600};
    bool                  entered = warp_enter(gate);

    if (entered)
        syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &hour, NULL);
    _exit(entered ? STAGE_WORKS : STAGE_NO_FILTER);
}

static enum stage follow(struct warp *warp, pid_t pid)
{
    const struct warp_world world = {.next_ns = WARP_NEVER};
    int64_t                 begun_ns = clock_now_ns(clock_real());
    int                     status;

    while (!warp_ended(warp, pid, &status)) {
        struct pollfd fd = {.fd = warp_fd(warp), .events = POLLIN};

        if (clock_now_ns(clock_real()) - begun_ns > TRY_LIMIT_NS)
            return STAGE_NO_JUMP;
        io_poll(&fd, 1, TRY_AGAIN_NS);
        warp_turn(warp);
        warp_jump(warp, &world);
    }
    return WIFEXITED(status) ? (enum stage)WEXITSTATUS(status)
                             : STAGE_NO_FILTER;
}

static enum stage try(void)
{
    struct err       err;
    struct warp     *warp = NULL;
    struct warp_gate gate;
    enum stage       stage = STAGE_NO_PTRACE;
    pid_t            pid;

    if (!warp_new(&warp, &err) || !warp_gate_open(&gate, &err))
        return STAGE_NO_WARP;
    pid = fork();
    if (pid == 0)
        wait_an_hour(&gate);
    if (pid > 0 && warp_follow(warp, &gate, pid, &err))
        stage = follow(warp, pid);
    warp_free(warp);
    return stage;
}

bool warp_possible(struct err *err)
{
    int   status = 0;
    int   code;
    pid_t pid = fork();

    if (pid == 0)
        _exit((int)try());
    if (pid < 0)
        return err_set_errno(err, "warp", "no process to try it");
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    code = WIFEXITED(status) ? WEXITSTATUS(status) : STAGE_NO_PTRACE;
    if (code == STAGE_WORKS)
        return true;
    if (code < 0 || code > STAGE_NO_JUMP)
        code = STAGE_NO_PTRACE;
    return err_set(err, ERR_SYSTEM, "clock", "the clock cannot jump here: %s",
                   meanings[code]);
}

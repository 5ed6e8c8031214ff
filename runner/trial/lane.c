/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trial/lane.h"

#include "common/clock.h"
#include "common/io.h"
#include "runner/trial/group.h"
#include "runner/trial/interrupt.h"
#include "runner/trial/launch.h"
#include "runner/trial/orphans.h"
#include "runner/trial/tree.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define KILL_GRACE_NS (300 * NS_PER_MS)

/* A keeper ends its client at once; this is for one that cannot. */
enum { CLOSE_MS = 5000 };

/* What a keeper is told. */
enum { SIGNAL_END = SIGTERM, SIGNAL_END_AT_ONCE = SIGUSR1 };

/* ---- the keeper ---- */

struct keeper {
    pid_t   client;
    int     signals; /* signalfd */
    int64_t kill_at_ns; /* 0 = no SIGKILL is due */
    bool    gone;
    int     status; /* of waitpid */
};

/* The client, and orphans that died by themselves. */
static void reap(struct keeper *keeper)
{
    int   status;
    pid_t pid;

    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        if (pid == keeper->client) {
            keeper->gone = true;
            keeper->status = status;
        }
}

static void obey(struct keeper *keeper)
{
    struct signalfd_siginfo info;

    while (read(keeper->signals, &info, sizeof info) == (ssize_t)sizeof info) {
        if (info.ssi_signo == SIGNAL_END && keeper->kill_at_ns == 0) {
            group_signal(keeper->client, SIGTERM);
            keeper->kill_at_ns = clock_now_ns(clock_real()) + KILL_GRACE_NS;
        } else if (info.ssi_signo == SIGNAL_END_AT_ONCE) {
            group_signal(keeper->client, SIGKILL);
        }
    }
}

static void keep_until_gone(struct keeper *keeper)
{
    struct pollfd fd = {.fd = keeper->signals, .events = POLLIN};

    for (reap(keeper); !keeper->gone; reap(keeper)) {
        int64_t left_ns = keeper->kill_at_ns - clock_now_ns(clock_real());

        io_poll(&fd, 1,
                keeper->kill_at_ns != 0 ? clock_later_ns(left_ns, 0) : -1);
        obey(keeper);
        if (keeper->kill_at_ns != 0 &&
            clock_now_ns(clock_real()) >= keeper->kill_at_ns)
            group_signal(keeper->client, SIGKILL);
    }
}

/* It holds nothing open but its own: not the pipes of other lanes, whose ends
 * would not be seen then, and not this lane's. */
static int leave_only(int fd)
{
    const int kept = STDERR_FILENO + 1;

    if (dup2(fd, kept) != kept)
        _exit(127);
    close_range((unsigned)kept + 1, ~0u, 0);
    return kept;
}

/* In the new process; never returns. */
static void keep(struct launch *launch, int ended_fd)
{
    struct keeper keeper = {.kill_at_ns = 0};
    sigset_t      signals;
    int           code;

    assert(ended_fd >= 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    orphans_adopt();
    interrupt_leave();
    sigemptyset(&signals);
    sigaddset(&signals, SIGNAL_END);
    sigaddset(&signals, SIGNAL_END_AT_ONCE);
    sigaddset(&signals, SIGCHLD);
    sigprocmask(SIG_SETMASK, &signals, NULL);
    keeper.client = fork();
    if (keeper.client == 0)
        launch_become(launch);
    if (keeper.client < 0) {
        code = errno;
        (void)!write(launch->tell[1], &code, sizeof code);
        _exit(127);
    }
    ended_fd = leave_only(ended_fd);
    keeper.signals = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    keep_until_gone(&keeper);
    kill(-keeper.client, SIGKILL);
    orphans_end();
    (void)!write(ended_fd, &keeper.status, sizeof keeper.status);
    _exit(0);
}

/* ---- with us ---- */

bool lane_start(struct lane *lane, const struct job *job, struct err *err)
{
    struct launch launch;
    int           ended[2];
    bool          began;

    if (!launch_open(&launch, job, NULL, true, err))
        return false;
    if (pipe2(ended, O_CLOEXEC) != 0) {
        launch_close(&launch);
        return err_set_errno(err, "pipe", "no descriptors for the client");
    }
    *lane = (struct lane){.in_fd = launch.in[1],
                          .out_fd = launch.out[0],
                          .err_fd = launch.err[0],
                          .ended_fd = ended[0]};
    lane->keeper = fork();
    if (lane->keeper == 0)
        keep(&launch, ended[1]);
    launch_leave(&launch);
    close(ended[1]);
    if (lane->keeper < 0)
        err_set_errno(err, "fork", "no process for the client");
    began = lane->keeper > 0 && launch_began(&launch, lane->keeper, err);
    launch_forget(&launch);
    if (!began) {
        lane_close(lane);
        return false;
    }
    fcntl(lane->in_fd, F_SETFL, O_NONBLOCK);
    fcntl(lane->out_fd, F_SETFL, O_NONBLOCK);
    fcntl(lane->err_fd, F_SETFL, O_NONBLOCK);
    fcntl(lane->ended_fd, F_SETFL, O_NONBLOCK);
    return true;
}

void lane_end(const struct lane *lane)
{
    assert(lane->keeper > 0);
    kill(lane->keeper, SIGNAL_END);
}

static bool ends_in_time(pid_t keeper)
{
    struct pollfd fd = {.fd = (int)syscall(SYS_pidfd_open, keeper, 0),
                        .events = POLLIN};
    bool          ended;

    if (fd.fd < 0)
        return false;
    ended = poll(&fd, 1, CLOSE_MS) > 0;
    close(fd.fd);
    return ended;
}

/* A keeper that was stopped goes on, and then obeys; or it is ended, and all
 * that it kept with it. */
static void end_keeper(pid_t keeper)
{
    assert(keeper > 0);
    kill(keeper, SIGNAL_END_AT_ONCE);
    kill(keeper, SIGCONT);
    if (!ends_in_time(keeper))
        tree_end(keeper);
    waitpid(keeper, NULL, 0);
}

/* Its end of the pipe closes, and its client dies, before its own end can be
 * waited for. */
static bool is_about_to_end(const struct lane *lane)
{
    struct pollfd fd = {.fd = lane->ended_fd, .events = POLLIN};

    return poll(&fd, 1, 0) > 0 && (fd.revents & POLLHUP) != 0;
}

int lane_disturbed(const struct lane *lane)
{
    assert(lane->keeper > 0);
    siginfo_t info = {0};

    if (is_about_to_end(lane) && !ends_in_time(lane->keeper))
        return 0;
    if (waitid(P_PID, (id_t)lane->keeper, &info,
               WEXITED | WSTOPPED | WNOHANG | WNOWAIT) != 0 ||
        info.si_pid == 0 || info.si_code == CLD_EXITED)
        return 0;
    return info.si_status;
}

void lane_close(struct lane *lane)
{
    if (lane->keeper > 0)
        end_keeper(lane->keeper);
    io_close(&lane->in_fd);
    close(lane->out_fd);
    close(lane->err_fd);
    close(lane->ended_fd);
    *lane = (struct lane){.keeper = 0};
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trial/child.h"

#include "common/alloc.h"
#include "runner/trial/contract.h"
#include "runner/trial/group.h"
#include "runner/trial/launch.h"
#include "runner/trial/memory.h"
#include "runner/trial/orphans.h"
#include "runner/trial/sibling.h"
#include "runner/trial/stream.h"

#include <assert.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define KILL_GRACE_NS (300 * NS_PER_MS)

struct child {
    pid_t                     pid;
    int                       pidfd;
    const struct trial_clock *trial_clock;
    const struct clock *clock; /* the trial's; its limits are in real time */
    int64_t             epoch_ns;
    struct stream       out;
    struct stream       err;
    bool                reaped;
    int                 status; /* of waitpid */
    enum client_end     ended_because; /* CLIENT_EXITED unless we ended it */
    int64_t             kill_at_ns;    /* 0 = no SIGKILL is due */
    int64_t             weigh_at_ns;   /* its memory is looked at then */
    int64_t             started_ns;
    int64_t             ended_ns;
    int64_t             said_ns; /* its last word on stdout was read */
    char               *left; /* as in struct client_outcome, in its group */
};

static int64_t real_now_ns(void)
{
    return clock_now_ns(clock_real());
}

static int64_t now_ns(const struct child *child)
{
    return clock_now_ns(child->clock) - child->epoch_ns;
}

/* ---- starting ---- */

static void child_init(struct child *child, pid_t pid, struct launch *launch)
{
    assert(pid > 0);
    child->pid = pid;
    child->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    child->ended_because = CLIENT_EXITED;
    child->started_ns = now_ns(child);
    child->weigh_at_ns = real_now_ns() + MEMORY_LOOK_NS;
    child->ended_ns = TIME_NEVER;
    child->said_ns = TIME_NEVER;
    stream_init(&child->out, launch->out[0], CHILD_OUT_BYTES_MAX, 0);
    stream_init(&child->err, launch->err[0], CHILD_ERR_BYTES_MAX,
                CHILD_TAIL_BYTES);
}

static int be_born(void *launch)
{
    launch_become(launch);
}

/* The child ended before it was one. */
static void bury(struct sibling *born)
{
    assert(born->pid > 0);
    kill(born->pid, SIGKILL);
    waitpid(born->pid, NULL, 0);
    sibling_forget(born);
}

bool child_start(struct child **out, const struct job *job,
                 const struct trial_clock *trial_clock, int64_t epoch_ns,
                 struct err *err)
{
    char         **environment = environ;
    struct launch  launch;
    struct launch  theirs; /* what we close of ours is open there */
    struct sibling born;
    bool           began;

    if (!launch_open(&launch, job, trial_clock->warp, false, err))
        return false;
    theirs = launch;
    if (!sibling_start(&born, be_born, &theirs)) {
        err_set_errno(err, "fork", "no process for the client");
        launch_close(&launch);
        return false;
    }
    launch_leave(&launch);
    began = launch_began(&launch, born.pid, err);
    if (!began)
        bury(&born);
    environ = environment;
    if (!began) {
        launch_close(&launch);
        return false;
    }
    sibling_forget(&born);
    launch_forget(&launch);
    *out = alloc_zero(1, sizeof **out);
    (*out)->trial_clock = trial_clock;
    (*out)->clock = trial_clock_clock(trial_clock);
    (*out)->epoch_ns = epoch_ns;
    child_init(*out, born.pid, &launch);
    return true;
}

/* ---- watching ---- */

void child_fds(const struct child *child, struct pollfd fds[CHILD_FDS])
{
    fds[0] = (struct pollfd){.fd = child->out.fd, .events = POLLIN};
    fds[1] = (struct pollfd){.fd = child->err.fd, .events = POLLIN};
    fds[2] = (struct pollfd){.fd = child->reaped ? -1 : child->pidfd,
                             .events = POLLIN};
}

int64_t child_wait_ns(const struct child *child)
{
    int64_t due_ns =
        child->kill_at_ns != 0 ? child->kill_at_ns : child->weigh_at_ns;
    int64_t left_ns = due_ns - real_now_ns();

    if (child->reaped)
        return -1;
    return left_ns > 0 ? left_ns : 0;
}

/* Stamped after the reading: a word is never taken for older than it is. */
static bool read_streams(struct child *child)
{
    size_t said_bytes = child->out.said_bytes;
    bool   out_calm = stream_read(&child->out);
    bool   err_calm = stream_read(&child->err);

    if (child->out.said_bytes != said_bytes)
        child->said_ns = now_ns(child);
    return out_calm && err_calm;
}

static void reap(struct child *child)
{
    if (child->reaped ||
        !trial_clock_reap(child->trial_clock, child->pid, &child->status))
        return;
    child->reaped = true;
    child->ended_ns = now_ns(child);
    child->left = orphans_tell(child->pid);
    /* What it leaves behind in its group must not send another request. */
    kill(-child->pid, SIGKILL);
    if (!read_streams(child) && child->ended_because == CLIENT_EXITED)
        child->ended_because = CLIENT_FLOODED;
}

void child_turn(struct child *child, const struct pollfd fds[CHILD_FDS])
{
    bool said = fds[0].revents != 0 || fds[1].revents != 0;

    if (said && !read_streams(child) && child->ended_because == CLIENT_EXITED)
        child_end(child, CLIENT_FLOODED);
    if (child->kill_at_ns != 0 && real_now_ns() >= child->kill_at_ns) {
        group_signal(child->pid, SIGKILL);
        child->kill_at_ns = 0;
    }
    reap(child);
    if (!child->reaped &&
        memory_is_too_much(child->pid, real_now_ns(), &child->weigh_at_ns))
        child_end(child, CLIENT_OVERGROWN);
}

bool child_gone(const struct child *child)
{
    return child->reaped;
}

void child_end(struct child *child, enum client_end why)
{
    assert(why != CLIENT_EXITED);
    if (child->reaped || child->ended_because != CLIENT_EXITED)
        return;
    child->ended_because = why;
    group_signal(child->pid, SIGTERM);
    child->kill_at_ns = real_now_ns() + KILL_GRACE_NS;
}

/* ---- ending ---- */

static void take_result(const struct child    *child,
                        const struct contract *contract,
                        struct client_outcome *outcome)
{
    const struct bytes *said = &child->out.text;

    outcome->result_ns = TIME_NEVER;
    if (outcome->end == CLIENT_FLOODED)
        outcome->trouble = child->out.flooded
                               ? stream_flood(&child->out, "stdout")
                               : stream_flood(&child->err, "stderr");
    else if (contract->hear(outcome, bytes_text(said), said->length))
        outcome->result_ns = child->said_ns;
}

void child_kill(struct child *child)
{
    if (child->reaped)
        return;
    group_signal(child->pid, SIGKILL);
    trial_clock_await(child->trial_clock, child->pid, &child->status);
    child->reaped = true;
    child->ended_ns = now_ns(child);
}

void child_stop(struct child *child, const struct contract *contract,
                struct client_outcome *outcome)
{
    assert(child->reaped);
    (void)read_streams(child); /* it is over; a flood is cut */
    outcome->started_ns = child->started_ns;
    outcome->ended_ns = child->ended_ns;
    outcome->end = child->ended_because;
    outcome->left = child->left;
    if (WIFEXITED(child->status))
        outcome->exit_code = WEXITSTATUS(child->status);
    else if (WIFSIGNALED(child->status) && outcome->end == CLIENT_EXITED) {
        outcome->end = CLIENT_CRASHED;
        outcome->signal = WTERMSIG(child->status);
    }
    take_result(child, contract, outcome);
    outcome->out_tail = stream_tail(&child->out, CHILD_TAIL_BYTES);
    outcome->err_tail = stream_tail(&child->err, CHILD_TAIL_BYTES);
    close(child->pidfd);
    stream_clear(&child->out);
    stream_clear(&child->err);
    alloc_free(child);
}

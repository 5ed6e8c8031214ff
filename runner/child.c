#include "runner/child.h"

#include "common/alloc.h"
#include "runner/file.h"
#include "runner/memory.h"
#include "runner/result.h"
#include "runner/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define KILL_GRACE_NS (300 * NS_PER_MS)
#define MEMORY_LOOK_NS (250 * NS_PER_MS) /* how often its memory is weighed */

struct child {
    pid_t               pid;
    int                 pidfd;
    const struct clock *clock;
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
};

void child_adopt_orphans(void)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1);
}

/* ---- starting ---- */

static void extend_environment(const struct job *job)
{
    const char *path = getenv("PATH");
    char       *ours = alloc_format("%s:%s", file_program_dir(),
                                    path ? path : "/usr/bin:/bin");

    setenv("PATH", ours, 1);
    for (size_t i = 0; job->env != NULL && job->env[i] != NULL; i++)
        putenv(job->env[i]);
}

/* In the new process. What fails is told through the pipe as an errno. */
static void become_client(const struct job *job, int out, int err, int tell)
{
    const struct rlimit no_core = {0};
    sigset_t            none;
    int                 code;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setpgid(0, 0);
    setrlimit(RLIMIT_CORE, &no_core);
    extend_environment(job);
    if (dup2(open("/dev/null", O_RDONLY), 0) == 0 && dup2(out, 1) == 1 &&
        dup2(err, 2) == 2 &&
        (job->folder == NULL || chdir(job->folder) == 0))
        execvp(job->argv[0], job->argv);
    code = errno;
    (void)!write(tell, &code, sizeof code);
    _exit(127);
}

static bool open_pipes(int pipes[3][2], struct err *err)
{
    for (int i = 0; i < 3; i++) {
        if (pipe2(pipes[i], O_CLOEXEC) != 0) {
            err_set_errno(err, "pipe", "no descriptors for the client");
            while (i-- > 0) {
                close(pipes[i][0]);
                close(pipes[i][1]);
            }
            return false;
        }
    }
    return true;
}

/* The pipe closes by itself when exec succeeds; an errno in it is why not. */
static bool started(int tell, pid_t pid, const struct job *job,
                    struct err *err)
{
    int     code = 0;
    ssize_t got;

    do
        got = read(tell, &code, sizeof code);
    while (got < 0 && errno == EINTR);
    if (got != (ssize_t)sizeof code)
        return true;
    waitpid(pid, NULL, 0);
    return err_set(err, ERR_CLIENT, job->argv[0],
                   "the client could not be started: %s", strerror(code));
}

bool child_start(struct child **out, const struct job *job,
                 const struct clock *clock, int64_t epoch_ns, struct err *err)
{
    struct child *child;
    int           pipes[3][2]; /* stdout, stderr, errno of exec */
    pid_t         pid;
    bool          ok;

    if (!open_pipes(pipes, err))
        return false;
    pid = fork();
    if (pid == 0)
        become_client(job, pipes[0][1], pipes[1][1], pipes[2][1]);
    for (int i = 0; i < 3; i++)
        close(pipes[i][1]);
    ok = pid > 0 ? started(pipes[2][0], pid, job, err)
                 : err_set_errno(err, "fork", "no process for the client");
    close(pipes[2][0]);
    if (!ok) {
        close(pipes[0][0]);
        close(pipes[1][0]);
        return false;
    }
    child = alloc_zero(1, sizeof *child);
    child->pid = pid;
    child->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    child->clock = clock;
    child->epoch_ns = epoch_ns;
    child->ended_because = CLIENT_EXITED;
    child->started_ns = clock_now_ns(clock) - epoch_ns;
    child->weigh_at_ns = clock_now_ns(clock) + MEMORY_LOOK_NS;
    child->ended_ns = TIME_NEVER;
    child->said_ns = TIME_NEVER;
    stream_init(&child->out, pipes[0][0], CHILD_OUT_BYTES_MAX, 0);
    stream_init(&child->err, pipes[1][0], CHILD_ERR_BYTES_MAX,
                CHILD_TAIL_BYTES);
    *out = child;
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
    int64_t left_ns = due_ns - clock_now_ns(child->clock);

    if (child->reaped)
        return -1;
    return left_ns > 0 ? left_ns : 0;
}

static void weigh(struct child *child)
{
    int64_t now_ns = clock_now_ns(child->clock);

    if (now_ns < child->weigh_at_ns)
        return;
    child->weigh_at_ns = now_ns + MEMORY_LOOK_NS;
    if (memory_of_tree_bytes(child->pid) > CHILD_MEMORY_BYTES_MAX)
        child_end(child, CLIENT_OVERGROWN);
}

static int64_t now_ns(const struct child *child)
{
    return clock_now_ns(child->clock) - child->epoch_ns;
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
    if (child->reaped || waitpid(child->pid, &child->status, WNOHANG) <= 0)
        return;
    child->reaped = true;
    child->ended_ns = now_ns(child);
    /* What it leaves behind in its group must not send another request. */
    kill(-child->pid, SIGKILL);
    if (!read_streams(child) && child->ended_because == CLIENT_EXITED)
        child->ended_because = CLIENT_FLOODED;
}

void child_turn(struct child *child)
{
    if (!read_streams(child) && child->ended_because == CLIENT_EXITED)
        child_end(child, CLIENT_FLOODED);
    if (child->kill_at_ns != 0 &&
        clock_now_ns(child->clock) >= child->kill_at_ns) {
        kill(-child->pid, SIGKILL);
        child->kill_at_ns = 0;
    }
    reap(child);
    if (!child->reaped)
        weigh(child);
}

bool child_gone(const struct child *child)
{
    return child->reaped;
}

void child_end(struct child *child, enum client_end why)
{
    if (child->reaped || child->ended_because != CLIENT_EXITED)
        return;
    child->ended_because = why;
    kill(-child->pid, SIGTERM);
    child->kill_at_ns = clock_now_ns(child->clock) + KILL_GRACE_NS;
}

/* ---- ending ---- */

/* One of our own children, orphans that fell to us included; 0 = none. */
static pid_t any_child(void)
{
    char  path[64];
    FILE *file;
    int   pid = 0;

    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    file = fopen(path, "re");
    if (file != NULL) {
        if (fscanf(file, "%d", &pid) != 1)
            pid = 0;
        fclose(file);
    }
    return (pid_t)pid;
}

/* A client may have started daemons outside its group: when their parents
 * die they become ours (child_adopt_orphans). Each round ends one, and what
 * that one had started falls to us in turn. */
static void end_orphans(void)
{
    enum { ROUNDS_MAX = 10000 };
    pid_t orphan;

    for (int i = 0; i < ROUNDS_MAX && (orphan = any_child()) > 0; i++) {
        kill(orphan, SIGKILL);
        waitpid(orphan, NULL, 0);
    }
}

static void take_result(const struct child *child, enum contract contract,
                        struct client_outcome *outcome)
{
    struct result result;

    if (contract == CONTRACT_ENV) {
        outcome->has_result = outcome->end == CLIENT_EXITED;
        outcome->success = outcome->exit_code == 0;
        if (outcome->has_result && !outcome->success)
            outcome->error =
                alloc_format("exit code %d", outcome->exit_code);
        return;
    }
    result_parse(&result, bytes_text(&child->out.text),
                 child->out.text.length);
    outcome->has_result = result.found;
    outcome->success = result.success;
    outcome->error = alloc_text(result.error);
    outcome->trouble = alloc_text(result.trouble);
    outcome->result_ns = result.found ? child->said_ns : TIME_NEVER;
    result_clear(&result);
}

void child_stop(struct child *child, enum contract contract,
                struct client_outcome *outcome)
{
    if (!child->reaped) {
        kill(-child->pid, SIGKILL);
        waitpid(child->pid, &child->status, 0);
        child->ended_ns = now_ns(child);
    }
    end_orphans();
    (void)read_streams(child); /* it is over; a flood is cut */
    outcome->started_ns = child->started_ns;
    outcome->ended_ns = child->ended_ns;
    outcome->end = child->ended_because;
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

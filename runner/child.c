#include "runner/child.h"

#include "common/alloc.h"
#include "runner/file.h"
#include "runner/memory.h"
#include "runner/result.h"

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

struct stream {
    int          fd;
    struct bytes text;  /* stdout whole, stderr its tail */
    size_t       total; /* bytes that came */
    size_t       max;
};

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

static void stream_init(struct stream *stream, int fd, size_t max)
{
    stream->fd = fd;
    stream->max = max;
    bytes_init(&stream->text, max + 1);
    fcntl(fd, F_SETFL, O_NONBLOCK);
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
    stream_init(&child->out, pipes[0][0], CHILD_OUT_BYTES_MAX);
    stream_init(&child->err, pipes[1][0], CHILD_ERR_BYTES_MAX);
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

/* Keeps the end of a long text: half of it goes when it is twice too long. */
static void keep_tail(struct bytes *text, size_t tail)
{
    if (text->length < 2 * tail)
        return;
    memmove(text->data, text->data + text->length - tail, tail);
    text->length = tail;
    text->data[tail] = '\0';
}

/* False when the stream has flooded. */
static bool stream_read(struct stream *stream, bool tail_only)
{
    char    part[65536];
    ssize_t got;

    while (stream->fd >= 0) {
        got = read(stream->fd, part, sizeof part);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && errno == EAGAIN)
            break;
        if (got <= 0) {
            close(stream->fd);
            stream->fd = -1;
            break;
        }
        stream->total += (size_t)got;
        if (stream->total > stream->max)
            return false;
        bytes_append(&stream->text, part, (size_t)got);
        if (tail_only)
            keep_tail(&stream->text, CHILD_TAIL_BYTES);
    }
    return true;
}

static void reap(struct child *child)
{
    if (child->reaped || waitpid(child->pid, &child->status, WNOHANG) <= 0)
        return;
    child->reaped = true;
    child->ended_ns = clock_now_ns(child->clock) - child->epoch_ns;
    /* What it leaves behind in its group must not send another request. */
    kill(-child->pid, SIGKILL);
}

void child_turn(struct child *child)
{
    bool out_calm = stream_read(&child->out, false);
    bool err_calm = stream_read(&child->err, true);

    if (!(out_calm && err_calm) && child->ended_because == CLIENT_EXITED)
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

static char *tail_text(const struct bytes *text)
{
    size_t skip =
        text->length > CHILD_TAIL_BYTES ? text->length - CHILD_TAIL_BYTES : 0;

    return alloc_text_n(bytes_text(text) + skip, text->length - skip);
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
    result_clear(&result);
}

void child_stop(struct child *child, enum contract contract,
                struct client_outcome *outcome)
{
    if (!child->reaped) {
        kill(-child->pid, SIGKILL);
        waitpid(child->pid, &child->status, 0);
        child->ended_ns = clock_now_ns(child->clock) - child->epoch_ns;
    }
    end_orphans();
    stream_read(&child->out, false);
    stream_read(&child->err, true);
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
    outcome->out_tail = tail_text(&child->out.text);
    outcome->err_tail = tail_text(&child->err.text);
    close(child->pidfd);
    if (child->out.fd >= 0)
        close(child->out.fd);
    if (child->err.fd >= 0)
        close(child->err.fd);
    bytes_clear(&child->out.text);
    bytes_clear(&child->err.text);
    alloc_free(child);
}

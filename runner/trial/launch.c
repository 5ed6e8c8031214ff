/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trial/launch.h"

#include "common/alloc.h"
#include "common/io.h"
#include "runner/trial/file.h"
#include "runner/trial/interrupt.h"
#include "runner/trial/limits.h"
#include "runner/trial/words.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* Until the kernel has loaded the program: from a disk that answers. */
enum { BEGIN_MS = 60000 };

static void close_pipe(int pipe[2])
{
    io_close(&pipe[0]);
    io_close(&pipe[1]);
}

void launch_forget(struct launch *launch)
{
    alloc_free(launch->path);
    alloc_free(launch->environment);
    launch->path = NULL;
    launch->environment = NULL;
}

void launch_close(struct launch *launch)
{
    close_pipe(launch->gate.fds);
    close_pipe(launch->in);
    close_pipe(launch->out);
    close_pipe(launch->err);
    close_pipe(launch->tell);
    launch_forget(launch);
}

static bool is_same_name(const char *left, const char *right)
{
    size_t length = strcspn(left, "=");

    return strncmp(left, right, length) == 0 && right[length] == '=';
}

/* In the place of one of this name, if there is one. */
static void put(char **words, char *word)
{
    size_t i = 0;

    while (words[i] != NULL && !is_same_name(word, words[i]))
        i++;
    words[i] = word;
}

/* Our own, and the job's over it. PATH, by which the program is found, begins
 * with our own folder. */
static void make_environment(struct launch *launch, const struct job *job)
{
    const char *path = getenv("PATH");
    size_t      ours = words_count(environ);

    launch->path = alloc_format("PATH=%s:%s", file_program_dir(),
                                path ? path : "/usr/bin:/bin");
    launch->environment = alloc_zero(ours + 1 + words_count(job->env) + 1,
                                     sizeof launch->environment[0]);
    for (size_t i = 0; i < ours; i++)
        launch->environment[i] = environ[i];
    put(launch->environment, launch->path);
    for (size_t i = 0; i < words_count(job->env); i++)
        put(launch->environment, job->env[i]);
}

bool launch_open(struct launch *launch, const struct job *job,
                 struct warp *warp, bool with_in, struct err *err)
{
    *launch = (struct launch){
        .job = job,
        .warp = warp,
        .gate = {{-1, -1}},
        .in = {-1, -1},
        .out = {-1, -1},
        .err = {-1, -1},
        .tell = {-1, -1},
    };
    if (warp != NULL && !warp_gate_open(&launch->gate, err))
        return false;
    make_environment(launch, job);
    if ((!with_in || pipe2(launch->in, O_CLOEXEC) == 0) &&
        pipe2(launch->out, O_CLOEXEC) == 0 &&
        pipe2(launch->err, O_CLOEXEC) == 0 &&
        pipe2(launch->tell, O_CLOEXEC) == 0)
        return true;
    err_set_errno(err, "pipe", "no descriptors for the client");
    launch_close(launch);
    return false;
}

/* The kernel may find something else in the next folder of PATH. */
static bool is_not_there(int code)
{
    return code == ENOENT || code == ENOTDIR || code == EACCES;
}

/* As execvp does, but that one starts a shell for a file that has no #! line.
 * Returns when nothing could be executed; errno says why. */
static void execute(char *const *argv, const char *path)
{
    char   program[PATH_MAX];
    size_t name_bytes = strlen(argv[0]);
    int    code = ENOENT;

    if (strchr(argv[0], '/') != NULL) {
        execve(argv[0], argv, environ);
        return;
    }
    for (bool more = true; more; path++) {
        size_t folder_bytes = strcspn(path, ":");

        if (folder_bytes + 1 + name_bytes < sizeof program) {
            memcpy(program, path, folder_bytes);
            program[folder_bytes] = '/';
            memcpy(program + folder_bytes + 1, argv[0], name_bytes + 1);
            /* What is empty stands for the working folder. */
            execve(program + (folder_bytes == 0), argv, environ);
            if (!is_not_there(errno))
                return;
            code = errno == EACCES ? EACCES : code;
        }
        path += folder_bytes;
        more = *path == ':';
    }
    errno = code;
}

void launch_become(struct launch *launch)
{
    const struct job   *job = launch->job;
    const struct rlimit no_core = {0};
    sigset_t            none;
    int                 in = launch->in[0];
    int                 code;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGXFSZ, SIG_DFL);
    interrupt_restore();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setpgid(0, 0);
    setrlimit(RLIMIT_CORE, &no_core);
    environ = launch->environment;
    if (in < 0)
        in = open("/dev/null", O_RDONLY);
    if (dup2(in, 0) == 0 && dup2(launch->out[1], 1) == 1 &&
        dup2(launch->err[1], 2) == 2 &&
        (job->folder == NULL || chdir(job->folder) == 0) &&
        (launch->warp == NULL || warp_enter(&launch->gate))) {
        limits_put_back(); /* nothing of ours is opened any more */
        execute(job->argv, launch->path + strlen("PATH="));
    }
    code = errno;
    (void)!write(launch->tell[1], &code, sizeof code);
    _exit(127);
}

void launch_leave(struct launch *launch)
{
    io_close(&launch->in[0]);
    io_close(&launch->out[1]);
    io_close(&launch->err[1]);
    io_close(&launch->tell[1]);
}

/* What errno means here, as far as it is known better. */
static const char *why_not(const struct job *job, int code)
{
    bool        is_ours = job->folder == NULL || job->argv[0][0] == '/';
    char       *path = alloc_format("%s%s%s", is_ours ? "" : job->folder,
                              is_ours ? "" : "/", job->argv[0]);
    struct stat status;
    bool        is_there = strchr(path, '/') && stat(path, &status) == 0;

    alloc_free(path);
    if (code == ENOEXEC)
        return "it is no binary of this machine and has no #! line, without "
               "which no shell runs it";
    if (code == ENOENT && is_there)
        return "the program in its #! line is not there";
    if (code == EACCES && is_there && S_ISDIR(status.st_mode))
        return "it is a folder; one with a manifest is named by --sdk";
    return strerror(code);
}

/* The pipe closes by itself when exec succeeds; an errno in it is why not. */
bool launch_began(struct launch *launch, pid_t pid, struct err *err)
{
    struct pollfd fd = {.fd = launch->tell[0], .events = POLLIN};
    int           code = 0;
    ssize_t       got;

    if (launch->warp != NULL &&
        !warp_follow(launch->warp, &launch->gate, pid, err))
        return false;
    if (poll(&fd, 1, BEGIN_MS) == 0)
        return err_set(err, ERR_CLIENT, launch->job->argv[0],
                       "the client could not be started: after %d s its "
                       "program had not been loaded",
                       BEGIN_MS / 1000);
    got = io_read(launch->tell[0], &code, sizeof code);
    io_close(&launch->tell[0]);
    return got != (ssize_t)sizeof code ||
           err_set(err, ERR_CLIENT, launch->job->argv[0],
                   "the client could not be started: %s",
                   why_not(launch->job, code));
}

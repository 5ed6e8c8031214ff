/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/suite/worker.h"

#include "common/clock.h"
#include "common/io.h"
#include "runner/suite/sent.h"
#include "runner/trial/interrupt.h"
#include "runner/trial/lifetime.h"
#include "runner/trial/orphans.h"
#include "runner/trial/tree.h"

#include <assert.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MESSAGE_BYTES_MAX = 512 << 20 };

/* Beyond a trial's limit, what starting, ending and judging may take. */
#define OVERHEAD_NS (30 * NS_PER_S)

/* How often it is looked at when it says nothing. */
#define LOOK_NS (NS_PER_S / 4)

/* Who was not looked at for so long was not looked at because we were stopped:
 * by Ctrl-Z, or with the whole machine. */
#define ABSENCE_NS (5 * NS_PER_S)

static void send_message(int fd, const struct record *record,
                         const struct verdict *verdict)
{
    cJSON       *json = verdict_to_json(verdict);
    char        *line = cJSON_PrintUnformatted(json);
    struct bytes text;

    bytes_init(&text, MESSAGE_BYTES_MAX);
    bytes_add(&text, line);
    bytes_add(&text, "\n");
    record_write(record, &text);
    /* Of a message that was cut the runner tells. */
    (void)io_write_all(fd, bytes_text(&text), text.length);
    bytes_clear(&text);
    cJSON_free(line);
    cJSON_Delete(json);
}

/* A scenario that fails before one client need not fail before another; what a
 * machine has not got is nobody's fault. */
static enum verdict_kind kind_of(enum err_code code)
{
    if (code == ERR_CLIENT || code == ERR_MACHINE)
        return VERDICT_INCONCLUSIVE;
    return code == ERR_SCENARIO ? VERDICT_NOT_EXERCISED : VERDICT_BROKEN;
}

/* The new process; never returns. */
static void work(const struct trial_setup *setup, int fd)
{
    struct record  *record = record_new();
    struct verdict *verdict = verdict_new();
    struct err      err = {0};

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    interrupt_leave();
    sent_tell_apart();
    orphans_adopt();
    if (!trial_run(setup, record, verdict, &err))
        verdict_decide(verdict, kind_of(err.code), "%s%s%s", err.place,
                       err.place[0] ? ": " : "", err.text);
    sent_judge(verdict);
    send_message(fd, record, verdict);
    record_free(record);
    verdict_free(verdict);
    _exit(err_exit_code(err.code) == err_exit_code(ERR_OURS)
              ? err_exit_code(ERR_OURS)
              : 0);
}

bool worker_start(struct worker *worker, const struct trial_setup *setup,
                  int64_t now_ns, struct err *err)
{
    int pipes[2];

    if (pipe2(pipes, O_CLOEXEC) != 0)
        return err_set_errno(err, "pipe", "no descriptors for a worker");
    fflush(NULL); /* nothing buffered is printed twice */
    worker->pid = fork();
    if (worker->pid == 0) {
        close(pipes[0]);
        work(setup, pipes[1]);
    }
    close(pipes[1]);
    if (worker->pid < 0) {
        close(pipes[0]);
        worker->pid = 0;
        return err_set_errno(err, "fork",
                             "no process for a worker (see ulimit -u, and "
                             "pids.max of a container)");
    }
    worker->fd = pipes[0];
    fcntl(worker->fd, F_SETFL, O_NONBLOCK);
    bytes_init(&worker->message, MESSAGE_BYTES_MAX);
    worker->looked_ns = now_ns;
    worker->ended_by_ns = now_ns + lifetime_longest_ns(setup) + OVERHEAD_NS;
    return true;
}

/* Reads what is there; true: it has ended, and nothing more will come. */
static bool read_part(struct worker *worker)
{
    char    part[65536];
    ssize_t got;

    while ((got = io_read(worker->fd, part, sizeof part)) > 0)
        bytes_append(&worker->message, part, (size_t)got);
    return got == 0 || !io_would_block();
}

/* With its client, and all that one started. */
static void end(struct worker *worker)
{
    tree_end(worker->pid);
    waitpid(worker->pid, &worker->status, 0);
}

/* Nobody looked at it while we could not run; what that took is not its own. */
static void allow_for_our_absence(struct worker *worker, int64_t now_ns)
{
    if (now_ns - worker->looked_ns > ABSENCE_NS)
        worker->ended_by_ns += now_ns - worker->looked_ns;
    worker->looked_ns = now_ns;
}

bool worker_turn(struct worker *worker, bool told, int64_t now_ns)
{
    bool  over;
    pid_t changed;

    assert(worker->pid > 0);
    if (!told && now_ns - worker->looked_ns < LOOK_NS)
        return false;
    allow_for_our_absence(worker, now_ns);
    over = told && read_part(worker);
    /* Who has told all that there is to tell is about to end. */
    changed = waitpid(worker->pid, &worker->status,
                      over ? WUNTRACED : WUNTRACED | WNOHANG);
    if (changed == worker->pid && !WIFSTOPPED(worker->status)) {
        (void)read_part(worker);
        return true;
    }
    if (changed == worker->pid)
        worker->stopped_by = WSTOPSIG(worker->status);
    else if (now_ns > worker->ended_by_ns)
        worker->late = true;
    if (worker->stopped_by == 0 && !worker->late)
        return false;
    end(worker);
    return true;
}

static bool parse_message(const struct bytes *message, struct record **record,
                          struct verdict **verdict, struct err *err)
{
    const char *text = bytes_text(message);
    const char *end = memchr(text, '\n', message->length);
    cJSON      *json;
    bool        ok;

    if (end == NULL)
        return err_set(err, ERR_OURS, "worker", "sent no verdict");
    json = cJSON_ParseWithLength(text, (size_t)(end - text));
    ok = verdict_from_json(json, "worker", verdict, err);
    cJSON_Delete(json);
    return ok &&
           record_read(end + 1, message->length - (size_t)(end + 1 - text),
                       "worker", record, err);
}

/* It was not left to do its work. False: it was. */
static bool tell_of_disturbance(const struct worker *worker,
                                struct verdict      *verdict)
{
    const int status = worker->status;

    if (worker->stopped_by != 0)
        verdict_decide(verdict, VERDICT_INCONCLUSIVE,
                       "the client, or something outside, sent SIG%s to the "
                       "process that ran its trial, which stood still; it "
                       "was ended",
                       sigabbrev_np(worker->stopped_by));
    else if (worker->late)
        verdict_decide(verdict, VERDICT_INCONCLUSIVE,
                       "the process that ran the trial was still at it %d s "
                       "after the trial's limit, and was ended",
                       (int)(OVERHEAD_NS / NS_PER_S));
    else if (sent_by(status) != 0)
        verdict_decide(verdict, VERDICT_INCONCLUSIVE,
                       "the client, or something outside%s, sent SIG%s to the "
                       "process that ran its trial, and ended it",
                       sent_by(status) == SIGKILL
                           ? " (as Linux does when memory is full)"
                           : "",
                       sigabbrev_np(sent_by(status)));
    else if (WIFEXITED(status) &&
             WEXITSTATUS(status) == err_exit_code(ERR_MACHINE))
        verdict_decide(verdict, VERDICT_INCONCLUSIVE,
                       "the process that ran the trial had no memory left");
    return verdict->kind == VERDICT_INCONCLUSIVE;
}

static void blame_worker(int status, const struct err *err,
                         struct verdict *verdict)
{
    if (WIFSIGNALED(status))
        verdict_decide(verdict, VERDICT_BROKEN,
                       "the worker was ended by signal %d (%s); Retrial's own "
                       "fault",
                       WTERMSIG(status), strsignal(WTERMSIG(status)));
    else
        verdict_decide(verdict, VERDICT_BROKEN,
                       "the worker's message is unreadable: %s; Retrial's own "
                       "fault",
                       err->text);
}

void worker_finish(struct worker *worker, struct record **record,
                   struct verdict **verdict, bool *ours)
{
    const int  status = worker->status;
    struct err err = {0};

    assert(worker->fd >= 0);
    *record = NULL;
    *verdict = NULL;
    close(worker->fd);
    *ours = WIFEXITED(status) && WEXITSTATUS(status) == err_exit_code(ERR_OURS);
    if (WIFSIGNALED(status) ||
        !parse_message(&worker->message, record, verdict, &err)) {
        verdict_free(*verdict);
        *verdict = verdict_new();
        *ours = !tell_of_disturbance(worker, *verdict);
        if (*ours)
            blame_worker(status, &err, *verdict);
    }
    bytes_clear(&worker->message);
    *worker = (struct worker){.fd = -1};
}

void worker_kill(struct worker *worker)
{
    end(worker);
}

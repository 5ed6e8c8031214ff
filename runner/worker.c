#include "runner/worker.h"

#include "common/clock.h"
#include "runner/orphans.h"

#include <errno.h>
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

static void write_all(int fd, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t put = write(fd, text, length);

        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return; /* the runner sees a message that was cut */
        text += put;
        length -= (size_t)put;
    }
}

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
    write_all(fd, bytes_text(&text), text.length);
    bytes_clear(&text);
    cJSON_free(line);
    cJSON_Delete(json);
}

/* A scenario that fails before one client need not fail before another. */
static enum verdict_kind kind_of(enum err_code code)
{
    if (code == ERR_CLIENT)
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
    signal(SIGINT, SIG_IGN); /* the runner decides what Ctrl-C means */
    orphans_adopt();
    if (!trial_run(setup, record, verdict, &err))
        verdict_decide(verdict, kind_of(err.code), "%s%s%s", err.place,
                       err.place[0] ? ": " : "", err.text);
    send_message(fd, record, verdict);
    record_free(record);
    verdict_free(verdict);
    _exit(err.code == ERR_OURS || err.code == ERR_SYSTEM ? 5 : 0);
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
        return err_set_errno(err, "fork", "no process for a worker");
    }
    worker->fd = pipes[0];
    fcntl(worker->fd, F_SETFL, O_NONBLOCK);
    bytes_init(&worker->message, MESSAGE_BYTES_MAX);
    worker->ended_by_ns =
        now_ns + trial_longest_ns(setup) + OVERHEAD_NS;
    return true;
}

bool worker_read(struct worker *worker)
{
    char    part[65536];
    ssize_t got;

    for (;;) {
        got = read(worker->fd, part, sizeof part);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && errno == EAGAIN)
            return false;
        if (got <= 0)
            return true;
        bytes_append(&worker->message, part, (size_t)got);
    }
}

static bool parse_message(const struct bytes *message,
                          struct record **record, struct verdict **verdict,
                          struct err *err)
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

/* A machine that is too slow for us is no bug of ours. */
static void say_overdue(struct verdict **verdict)
{
    verdict_free(*verdict);
    *verdict = verdict_new();
    verdict_decide(*verdict, VERDICT_INCONCLUSIVE,
                   "Retrial's own bound on a trial, with all that belongs to "
                   "it, ended it before it was judged");
}

static void blame_worker(int status, const struct err *err,
                         struct verdict **verdict)
{
    verdict_free(*verdict);
    *verdict = verdict_new();
    if (WIFSIGNALED(status))
        verdict_decide(*verdict, VERDICT_BROKEN,
                       "the worker was ended by signal %d (%s); Retrial's own "
                       "fault",
                       WTERMSIG(status), strsignal(WTERMSIG(status)));
    else
        verdict_decide(*verdict, VERDICT_BROKEN,
                       "the worker's message is unreadable: %s; Retrial's own "
                       "fault",
                       err->text);
}

void worker_finish(struct worker *worker, struct record **record,
                   struct verdict **verdict, bool *ours)
{
    struct err err = {0};
    int        status = 0;

    *record = NULL;
    *verdict = NULL;
    close(worker->fd);
    waitpid(worker->pid, &status, 0);
    *ours = !WIFEXITED(status) || WEXITSTATUS(status) != 0;
    if (worker->overdue && WIFSIGNALED(status)) {
        *ours = false;
        say_overdue(verdict);
    } else if (WIFSIGNALED(status) ||
        !parse_message(&worker->message, record, verdict, &err)) {
        *ours = true;
        blame_worker(status, &err, verdict);
    }
    bytes_clear(&worker->message);
    *worker = (struct worker){.fd = -1};
}

void worker_kill(struct worker *worker)
{
    /* Its client dies with it (PDEATHSIG); deeper orphans have lost the
     * server they were talking to. */
    kill(worker->pid, SIGKILL);
}

void worker_watch(struct worker *worker, int64_t now_ns)
{
    if (now_ns <= worker->ended_by_ns)
        return;
    worker->overdue = true;
    worker_kill(worker);
}

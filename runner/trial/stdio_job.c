/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trial/stdio_job.h"

#include "common/alloc.h"
#include "common/io.h"
#include "runner/trial/child.h"
#include "runner/trial/contract.h"
#include "runner/trial/memory.h"
#include "runner/trial/stream.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Dying closes stdout a moment before the status comes. */
#define CLOSED_GRACE_NS (300 * NS_PER_MS)

/* A keeper ends a client within its grace; this is for one that cannot. */
#define ENDED_WAIT_NS (10 * NS_PER_S)

struct stdio_job {
    const struct lane  *lane;
    const struct clock *clock;
    int64_t             epoch_ns;
    char               *line; /* the job, its newline included */
    size_t              length;
    size_t              written;
    struct stream       out;
    struct stream       err;
    bool                answered; /* a whole line came */
    size_t              answer_bytes; /* of it, its newline included */
    bool                deaf;   /* it closed its stdin before it had all */
    bool                untaken; /* it was done before it had read its job */
    bool                ended;  /* the client is gone */
    int                 status; /* of waitpid */
    enum client_end     ended_because; /* CLIENT_EXITED unless we ended it */
    int64_t             closed_at_ns; /* it closed stdout then; 0 = not yet */
    int64_t             ended_by_ns; /* its keeper says so then, or never */
    int64_t             weigh_at_ns;
    int64_t             started_ns;
    int64_t             done_ns; /* answered or gone */
};

static int64_t now_ns(const struct stdio_job *stdio_job)
{
    return clock_now_ns(stdio_job->clock) - stdio_job->epoch_ns;
}

struct stdio_job *stdio_job_start(const struct lane *lane, const char *input,
                                  const struct clock *clock, int64_t epoch_ns)
{
    struct stdio_job *stdio_job = alloc_zero(1, sizeof *stdio_job);

    stdio_job->lane = lane;
    stdio_job->clock = clock;
    stdio_job->epoch_ns = epoch_ns;
    stdio_job->line = alloc_format("%s\n", input);
    stdio_job->length = strlen(stdio_job->line);
    stdio_job->ended_because = CLIENT_EXITED;
    stdio_job->weigh_at_ns = clock_now_ns(clock) + MEMORY_LOOK_NS;
    stdio_job->started_ns = now_ns(stdio_job);
    stdio_job->done_ns = TIME_NEVER;
    stdio_job->ended_by_ns = INT64_MAX;
    stream_init(&stdio_job->out, dup(lane->out_fd), CHILD_OUT_BYTES_MAX, 0);
    stream_init(&stdio_job->err, dup(lane->err_fd), CHILD_ERR_BYTES_MAX,
                CHILD_TAIL_BYTES);
    return stdio_job;
}

/* ---- watching ---- */

void stdio_job_fds(const struct stdio_job *stdio_job,
                   struct pollfd           fds[STDIO_JOB_FDS])
{
    bool writing = stdio_job->written < stdio_job->length && !stdio_job->ended;

    fds[0] = (struct pollfd){.fd = writing ? stdio_job->lane->in_fd : -1,
                             .events = POLLOUT};
    fds[1] = (struct pollfd){.fd = stdio_job->out.fd, .events = POLLIN};
    fds[2] = (struct pollfd){.fd = stdio_job->err.fd, .events = POLLIN};
    fds[3] =
        (struct pollfd){.fd = stdio_job->ended ? -1 : stdio_job->lane->ended_fd,
                        .events = POLLIN};
}

int64_t stdio_job_wait_ns(const struct stdio_job *stdio_job)
{
    int64_t due_ns = stdio_job->weigh_at_ns;
    int64_t left_ns;

    if (stdio_job->ended)
        return -1;
    if (stdio_job->closed_at_ns != 0 &&
        stdio_job->closed_at_ns + CLOSED_GRACE_NS < due_ns)
        due_ns = stdio_job->closed_at_ns + CLOSED_GRACE_NS;
    left_ns = due_ns - clock_now_ns(stdio_job->clock);
    return left_ns > 0 ? left_ns : 0;
}

/* Whoever does not read loses nothing but his own time: a reader that is gone
 * is noticed by its status. */
static void write_job(struct stdio_job *stdio_job)
{
    while (stdio_job->written < stdio_job->length && !stdio_job->ended) {
        ssize_t put =
            write(stdio_job->lane->in_fd, stdio_job->line + stdio_job->written,
                  stdio_job->length - stdio_job->written);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0 && io_would_block())
            return;
        if (put < 0) {
            stdio_job->deaf = true;
            stdio_job->length = stdio_job->written;
        } else {
            stdio_job->written += (size_t)put;
        }
    }
}

/* Something of the job lies in the pipe still, be it more than its newline,
 * or has not even been put there. */
static bool job_lies_unread(const struct stdio_job *stdio_job)
{
    int waiting = 0;

    return stdio_job->deaf || stdio_job->written < stdio_job->length ||
           (ioctl(stdio_job->lane->in_fd, FIONREAD, &waiting) == 0 &&
            waiting > 1);
}

static void look_for_answer(struct stdio_job *stdio_job)
{
    const char *text = bytes_text(&stdio_job->out.text);
    const char *end;

    if (stdio_job->answered)
        return;
    end = memchr(text, '\n', stdio_job->out.text.length);
    if (end == NULL)
        return;
    stdio_job->answered = true;
    stdio_job->answer_bytes = (size_t)(end - text) + 1;
    stdio_job->untaken = job_lies_unread(stdio_job);
    stdio_job->done_ns = now_ns(stdio_job);
}

/* Nothing to read, and nothing that will be: the keeper is gone, and its client
 * with it; or it does not do what it was told. */
static bool is_unkept(const struct stdio_job *stdio_job, ssize_t got)
{
    return got == 0 || clock_now_ns(stdio_job->clock) >= stdio_job->ended_by_ns;
}

static void look_at_end(struct stdio_job *stdio_job)
{
    ssize_t got;

    if (stdio_job->ended)
        return;
    got = read(stdio_job->lane->ended_fd, &stdio_job->status,
               sizeof stdio_job->status);
    if (got != (ssize_t)sizeof stdio_job->status && !is_unkept(stdio_job, got))
        return;
    stdio_job->ended = true;
    if (stdio_job->answered)
        return;
    stdio_job->untaken = job_lies_unread(stdio_job);
    stdio_job->done_ns = now_ns(stdio_job);
}

/* Stdout is closed and nobody died of it: no answer can come. */
static void look_at_silence(struct stdio_job *stdio_job)
{
    int64_t now = clock_now_ns(stdio_job->clock);

    if (stdio_job->out.fd >= 0 || stdio_job->ended || stdio_job->answered)
        return;
    if (stdio_job->closed_at_ns == 0)
        stdio_job->closed_at_ns = now;
    if (now >= stdio_job->closed_at_ns + CLOSED_GRACE_NS)
        stdio_job_end(stdio_job, CLIENT_CLOSED);
}

void stdio_job_turn(struct stdio_job *stdio_job)
{
    bool out_calm;
    bool err_calm;

    look_at_end(stdio_job); /* first: what it printed before it died is there */
    out_calm = stream_read(&stdio_job->out);
    err_calm = stream_read(&stdio_job->err);
    look_for_answer(stdio_job);
    write_job(stdio_job);
    if (!(out_calm && err_calm))
        stdio_job_end(stdio_job, CLIENT_FLOODED);
    look_at_silence(stdio_job);
    if (!stdio_job->ended && memory_is_too_much(stdio_job->lane->keeper,
                                                clock_now_ns(stdio_job->clock),
                                                &stdio_job->weigh_at_ns))
        stdio_job_end(stdio_job, CLIENT_OVERGROWN);
}

bool stdio_job_gone(const struct stdio_job *stdio_job)
{
    return stdio_job->answered || stdio_job->ended;
}

void stdio_job_end(struct stdio_job *stdio_job, enum client_end why)
{
    assert(why != CLIENT_ANSWERED);
    if (stdio_job_gone(stdio_job) || stdio_job->ended_because != CLIENT_EXITED)
        return;
    stdio_job->ended_because = why;
    stdio_job->ended_by_ns = clock_now_ns(stdio_job->clock) + ENDED_WAIT_NS;
    lane_end(stdio_job->lane);
}

/* ---- ending ---- */

void stdio_job_kill(struct stdio_job *stdio_job)
{
    struct pollfd fd = {.fd = stdio_job->lane->ended_fd, .events = POLLIN};

    if (stdio_job_gone(stdio_job))
        return;
    lane_end(stdio_job->lane);
    poll(&fd, 1, (int)(ENDED_WAIT_NS / NS_PER_MS));
    look_at_end(stdio_job);
}

/* What it did beside its answer that no answer excuses. */
static char *lapse_of(const struct stdio_job *stdio_job)
{
    size_t more;

    if (!stdio_job->answered)
        return NULL;
    more = stdio_job->out.said_bytes > stdio_job->answer_bytes
               ? stdio_job->out.said_bytes - stdio_job->answer_bytes
               : 0;
    if (stdio_job->untaken)
        return alloc_text("answered before it had read its job");
    if (more > 0)
        return alloc_format("printed %zu bytes more after its answer", more);
    return NULL;
}

static char *why_no_answer(const struct stdio_job *stdio_job)
{
    if (stdio_job->out.flooded)
        return stream_flood(&stdio_job->out, "stdout");
    if (stdio_job->err.flooded)
        return stream_flood(&stdio_job->err, "stderr");
    return alloc_text(stdio_job->out.said_bytes > 0
                          ? "what it printed on stdout has no line's end"
                          : "it printed nothing on stdout");
}

static void take_answer(const struct stdio_job *stdio_job,
                        const struct contract  *contract,
                        struct client_outcome  *outcome)
{
    if (!stdio_job->answered) {
        outcome->trouble = why_no_answer(stdio_job);
        return;
    }
    outcome->result_ns = TIME_NEVER;
    if (contract->hear(outcome, bytes_text(&stdio_job->out.text),
                       stdio_job->answer_bytes - 1))
        outcome->result_ns = stdio_job->done_ns;
    outcome->lapse = lapse_of(stdio_job);
}

static void take_end(const struct stdio_job *stdio_job,
                     struct client_outcome  *outcome)
{
    outcome->end = stdio_job->ended_because;
    if (stdio_job->answered) {
        outcome->end = CLIENT_ANSWERED;
    } else if (outcome->end == CLIENT_EXITED && stdio_job->ended) {
        if (WIFSIGNALED(stdio_job->status)) {
            outcome->end = CLIENT_CRASHED;
            outcome->signal = WTERMSIG(stdio_job->status);
        } else {
            outcome->exit_code = WEXITSTATUS(stdio_job->status);
        }
    }
}

void stdio_job_stop(struct stdio_job      *stdio_job,
                    const struct contract *contract,
                    struct client_outcome *outcome)
{
    (void)stream_read(&stdio_job->out);
    (void)stream_read(&stdio_job->err);
    look_for_answer(stdio_job);
    outcome->started_ns = stdio_job->started_ns;
    outcome->ended_ns = stdio_job->done_ns;
    outcome->untaken = stdio_job->untaken;
    take_answer(stdio_job, contract, outcome);
    take_end(stdio_job, outcome);
    outcome->out_tail = stream_tail(&stdio_job->out, CHILD_TAIL_BYTES);
    outcome->err_tail = stream_tail(&stdio_job->err, CHILD_TAIL_BYTES);
    stream_clear(&stdio_job->out);
    stream_clear(&stdio_job->err);
    alloc_free(stdio_job->line);
    alloc_free(stdio_job);
}

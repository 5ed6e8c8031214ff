#include "runner/trial/errand.h"

#include "common/alloc.h"
#include "runner/trial/child.h"
#include "runner/trial/memory.h"
#include "runner/trial/result.h"
#include "runner/trial/stream.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define MEMORY_LOOK_NS (250 * NS_PER_MS) /* how often its memory is weighed */

/* Dying closes stdout a moment before the status comes. */
#define CLOSED_GRACE_NS (300 * NS_PER_MS)

/* A keeper ends a client within its grace; this is for one that cannot. */
#define ENDED_WAIT_NS (10 * NS_PER_S)

struct errand {
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

static int64_t now_ns(const struct errand *errand)
{
    return clock_now_ns(errand->clock) - errand->epoch_ns;
}

struct errand *errand_start(const struct lane *lane, const char *input,
                            const struct clock *clock, int64_t epoch_ns)
{
    struct errand *errand = alloc_zero(1, sizeof *errand);

    errand->lane = lane;
    errand->clock = clock;
    errand->epoch_ns = epoch_ns;
    errand->line = alloc_format("%s\n", input);
    errand->length = strlen(errand->line);
    errand->ended_because = CLIENT_EXITED;
    errand->weigh_at_ns = clock_now_ns(clock) + MEMORY_LOOK_NS;
    errand->started_ns = now_ns(errand);
    errand->done_ns = TIME_NEVER;
    errand->ended_by_ns = INT64_MAX;
    stream_init(&errand->out, dup(lane->out_fd), CHILD_OUT_BYTES_MAX, 0);
    stream_init(&errand->err, dup(lane->err_fd), CHILD_ERR_BYTES_MAX,
                CHILD_TAIL_BYTES);
    return errand;
}

/* ---- watching ---- */

void errand_fds(const struct errand *errand, struct pollfd fds[ERRAND_FDS])
{
    bool writing = errand->written < errand->length && !errand->ended;

    fds[0] = (struct pollfd){.fd = writing ? errand->lane->in_fd : -1,
                             .events = POLLOUT};
    fds[1] = (struct pollfd){.fd = errand->out.fd, .events = POLLIN};
    fds[2] = (struct pollfd){.fd = errand->err.fd, .events = POLLIN};
    fds[3] = (struct pollfd){.fd = errand->ended ? -1 : errand->lane->ended_fd,
                             .events = POLLIN};
}

int64_t errand_wait_ns(const struct errand *errand)
{
    int64_t due_ns = errand->weigh_at_ns;
    int64_t left_ns;

    if (errand->ended)
        return -1;
    if (errand->closed_at_ns != 0 &&
        errand->closed_at_ns + CLOSED_GRACE_NS < due_ns)
        due_ns = errand->closed_at_ns + CLOSED_GRACE_NS;
    left_ns = due_ns - clock_now_ns(errand->clock);
    return left_ns > 0 ? left_ns : 0;
}

/* Whoever does not read loses nothing but his own time: a reader that is gone
 * is noticed by its status. */
static void write_job(struct errand *errand)
{
    while (errand->written < errand->length && !errand->ended) {
        ssize_t put = write(errand->lane->in_fd, errand->line + errand->written,
                            errand->length - errand->written);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0 && errno == EAGAIN)
            return;
        if (put < 0) {
            errand->deaf = true;
            errand->length = errand->written;
        } else {
            errand->written += (size_t)put;
        }
    }
}

/* Something of the job lies in the pipe still, be it more than its newline,
 * or has not even been put there. */
static bool job_lies_unread(const struct errand *errand)
{
    int waiting = 0;

    return errand->deaf || errand->written < errand->length ||
           (ioctl(errand->lane->in_fd, FIONREAD, &waiting) == 0 && waiting > 1);
}

static void look_for_answer(struct errand *errand)
{
    const char *text = bytes_text(&errand->out.text);
    const char *end;

    if (errand->answered)
        return;
    end = memchr(text, '\n', errand->out.text.length);
    if (end == NULL)
        return;
    errand->answered = true;
    errand->answer_bytes = (size_t)(end - text) + 1;
    errand->untaken = job_lies_unread(errand);
    errand->done_ns = now_ns(errand);
}

/* Nothing to read, and nothing that will be: the keeper is gone, and its client
 * with it; or it does not do what it was told. */
static bool is_unkept(const struct errand *errand, ssize_t got)
{
    return got == 0 || clock_now_ns(errand->clock) >= errand->ended_by_ns;
}

static void look_at_end(struct errand *errand)
{
    ssize_t got;

    if (errand->ended)
        return;
    got = read(errand->lane->ended_fd, &errand->status, sizeof errand->status);
    if (got != (ssize_t)sizeof errand->status && !is_unkept(errand, got))
        return;
    errand->ended = true;
    if (errand->answered)
        return;
    errand->untaken = job_lies_unread(errand);
    errand->done_ns = now_ns(errand);
}

/* Stdout is closed and nobody died of it: no answer can come. */
static void look_at_silence(struct errand *errand)
{
    int64_t now = clock_now_ns(errand->clock);

    if (errand->out.fd >= 0 || errand->ended || errand->answered)
        return;
    if (errand->closed_at_ns == 0)
        errand->closed_at_ns = now;
    if (now >= errand->closed_at_ns + CLOSED_GRACE_NS)
        errand_end(errand, CLIENT_CLOSED);
}

static void weigh(struct errand *errand)
{
    int64_t now = clock_now_ns(errand->clock);

    if (errand->ended || now < errand->weigh_at_ns)
        return;
    errand->weigh_at_ns = now + MEMORY_LOOK_NS;
    if (memory_of_tree_bytes(errand->lane->keeper) > CHILD_MEMORY_BYTES_MAX)
        errand_end(errand, CLIENT_OVERGROWN);
}

void errand_turn(struct errand *errand)
{
    bool out_calm;
    bool err_calm;

    look_at_end(errand); /* first: what it printed before it died is there */
    out_calm = stream_read(&errand->out);
    err_calm = stream_read(&errand->err);
    look_for_answer(errand);
    write_job(errand);
    if (!(out_calm && err_calm))
        errand_end(errand, CLIENT_FLOODED);
    look_at_silence(errand);
    weigh(errand);
}

bool errand_gone(const struct errand *errand)
{
    return errand->answered || errand->ended;
}

void errand_end(struct errand *errand, enum client_end why)
{
    if (errand_gone(errand) || errand->ended_because != CLIENT_EXITED)
        return;
    errand->ended_because = why;
    errand->ended_by_ns = clock_now_ns(errand->clock) + ENDED_WAIT_NS;
    lane_end(errand->lane);
}

/* ---- ending ---- */

void errand_kill(struct errand *errand)
{
    struct pollfd fd = {.fd = errand->lane->ended_fd, .events = POLLIN};

    if (errand_gone(errand))
        return;
    lane_end(errand->lane);
    poll(&fd, 1, (int)(ENDED_WAIT_NS / NS_PER_MS));
    look_at_end(errand);
}

/* What it did beside its answer that no answer excuses. */
static char *lapse_of(const struct errand *errand)
{
    size_t more;

    if (!errand->answered)
        return NULL;
    more = errand->out.said_bytes > errand->answer_bytes
               ? errand->out.said_bytes - errand->answer_bytes
               : 0;
    if (errand->untaken)
        return alloc_text("answered before it had read its job");
    if (more > 0)
        return alloc_format("printed %zu bytes more after its answer", more);
    return NULL;
}

static char *why_no_answer(const struct errand *errand)
{
    if (errand->out.flooded)
        return stream_flood(&errand->out, "stdout");
    if (errand->err.flooded)
        return stream_flood(&errand->err, "stderr");
    return alloc_text(errand->out.said_bytes > 0
                          ? "what it printed on stdout has no line's end"
                          : "it printed nothing on stdout");
}

static void take_answer(const struct errand   *errand,
                        struct client_outcome *outcome)
{
    const char   *text = bytes_text(&errand->out.text);
    struct result result;

    if (!errand->answered) {
        outcome->trouble = why_no_answer(errand);
        return;
    }
    result_parse_line(&result, text, errand->answer_bytes - 1);
    outcome->has_result = result.found;
    outcome->success = result.success;
    outcome->error = alloc_text(result.error);
    outcome->trouble = alloc_text(result.trouble);
    outcome->capabilities = alloc_text(result.capabilities);
    outcome->result_ns = result.found ? errand->done_ns : TIME_NEVER;
    outcome->lapse = lapse_of(errand);
    result_clear(&result);
}

static void take_end(const struct errand   *errand,
                     struct client_outcome *outcome)
{
    outcome->end = errand->ended_because;
    if (errand->answered) {
        outcome->end = CLIENT_ANSWERED;
    } else if (outcome->end == CLIENT_EXITED && errand->ended) {
        if (WIFSIGNALED(errand->status)) {
            outcome->end = CLIENT_CRASHED;
            outcome->signal = WTERMSIG(errand->status);
        } else {
            outcome->exit_code = WEXITSTATUS(errand->status);
        }
    }
}

void errand_stop(struct errand *errand, struct client_outcome *outcome)
{
    (void)stream_read(&errand->out);
    (void)stream_read(&errand->err);
    look_for_answer(errand);
    outcome->started_ns = errand->started_ns;
    outcome->ended_ns = errand->done_ns;
    outcome->untaken = errand->untaken;
    take_answer(errand, outcome);
    take_end(errand, outcome);
    outcome->out_tail = stream_tail(&errand->out, CHILD_TAIL_BYTES);
    outcome->err_tail = stream_tail(&errand->err, CHILD_TAIL_BYTES);
    stream_clear(&errand->out);
    stream_clear(&errand->err);
    alloc_free(errand->line);
    alloc_free(errand);
}

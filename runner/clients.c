#include "runner/clients.h"

#include "common/alloc.h"
#include "runner/job.h"
#include "runner/orphans.h"

#include <string.h>

enum { TAILS_BYTES_MAX = PLAN_CLIENTS_MAX * (CHILD_TAIL_BYTES + 64) };

struct clients {
    struct child      *items[PLAN_CLIENTS_MAX];
    size_t             count;
    enum contract      contract;
    const struct pace *pace;
};

static bool start_one(struct clients *clients,
                      const struct clients_setup *setup, struct err *err)
{
    struct job_setup job_setup = {
        .plan = setup->plan,
        .manifest = setup->manifest,
        .credential = setup->credential,
        .authority = setup->authority,
        .port = setup->port,
        .client = (unsigned)clients->count + 1,
    };
    struct job job;
    bool       ok;

    ok = job_make(&job, &job_setup, err) &&
         child_start(&clients->items[clients->count], &job, setup->pace,
                     setup->epoch_ns, err);
    job_clear(&job);
    clients->count += ok;
    return ok;
}

bool clients_start(struct clients **out, const struct clients_setup *setup,
                   struct err *err)
{
    struct clients *clients = alloc_zero(1, sizeof *clients);

    clients->contract = setup->manifest->contract;
    clients->pace = setup->pace;
    while (clients->count < setup->plan->given.clients)
        if (!start_one(clients, setup, err)) {
            clients_stop(clients, NULL);
            return false;
        }
    *out = clients;
    return true;
}

/* ---- watching ---- */

size_t clients_fds(const struct clients *clients,
                   struct pollfd         fds[CLIENTS_FDS_MAX])
{
    for (size_t i = 0; i < clients->count; i++)
        child_fds(clients->items[i], fds + i * CHILD_FDS);
    return clients->count * CHILD_FDS;
}

int64_t clients_wait_ns(const struct clients *clients)
{
    int64_t soonest_ns = -1;

    for (size_t i = 0; i < clients->count; i++) {
        int64_t wait_ns = child_wait_ns(clients->items[i]);

        if (wait_ns >= 0 && (soonest_ns < 0 || wait_ns < soonest_ns))
            soonest_ns = wait_ns;
    }
    return soonest_ns;
}

void clients_turn(struct clients *clients)
{
    for (size_t i = 0; i < clients->count; i++)
        child_turn(clients->items[i]);
}

bool clients_gone(const struct clients *clients)
{
    for (size_t i = 0; i < clients->count; i++)
        if (!child_gone(clients->items[i]))
            return false;
    return true;
}

void clients_end(struct clients *clients, enum client_end why)
{
    for (size_t i = 0; i < clients->count; i++)
        child_end(clients->items[i], why);
}

/* ---- one outcome of all ---- */

/* How much an end says against all: a crash more than a flood, a flood more
 * than having been ended without blame. */
static int weight(enum client_end end)
{
    static const enum client_end order[] = {
        CLIENT_EXITED,    CLIENT_OBSERVED,  CLIENT_FLOODED,
        CLIENT_OVERGROWN, CLIENT_TIMED_OUT, CLIENT_CRASHED,
    };
    int i = 0;

    while (i + 1 < (int)(sizeof order / sizeof order[0]) && order[i] != end)
        i++;
    return i;
}

static void say_who(char **text, size_t number) /* "client 3: ..." */
{
    char *named;

    if (*text == NULL)
        return;
    named = alloc_format("client %zu: %s", number, *text);
    alloc_free(*text);
    *text = named;
}

static void append_tail(char **all, const char *tail, size_t number)
{
    struct bytes text;

    if (tail == NULL || tail[0] == '\0')
        return;
    bytes_init(&text, TAILS_BYTES_MAX);
    bytes_format(&text, "%sclient %zu:\n", *all ? *all : "", number);
    bytes_add(&text, tail);
    if (tail[strlen(tail) - 1] != '\n')
        bytes_add(&text, "\n");
    alloc_free(*all);
    *all = bytes_take(&text);
}

/* The first that speaks of something wrong is heard; takes its text. */
static void take_text(char **text, char **from)
{
    if (*text == NULL) {
        *text = *from;
        *from = NULL;
    }
}

static int64_t later(int64_t left_ns, int64_t right_ns)
{
    return left_ns > right_ns ? left_ns : right_ns;
}

/* What one says, added to what all say; takes its texts. */
static void merge(struct client_outcome *all, struct client_outcome *one,
                  size_t number)
{
    if (weight(one->end) > weight(all->end)) {
        all->end = one->end;
        all->exit_code = one->exit_code;
        all->signal = one->signal;
    }
    if (all->exit_code == 0)
        all->exit_code = one->exit_code;
    if (all->started_ns == TIME_NEVER)
        all->started_ns = one->started_ns;
    all->ended_ns = later(all->ended_ns, one->ended_ns);
    if (all->has_result && one->has_result && one->result_ns != TIME_NEVER)
        all->result_ns = later(all->result_ns, one->result_ns);
    else
        all->result_ns = TIME_NEVER;
    all->has_result = all->has_result && one->has_result;
    all->success = all->success && one->success;
    say_who(&one->error, number);
    say_who(&one->trouble, number);
    take_text(&all->error, &one->error);
    take_text(&all->trouble, &one->trouble);
    append_tail(&all->out_tail, one->out_tail, number);
    append_tail(&all->err_tail, one->err_tail, number);
}

static void outcome_clear(struct client_outcome *outcome)
{
    alloc_free(outcome->error);
    alloc_free(outcome->trouble);
    alloc_free(outcome->out_tail);
    alloc_free(outcome->err_tail);
}

static void stop_several(struct clients *clients,
                         struct client_outcome *outcome)
{
    struct client_outcome all = {
        .end = CLIENT_EXITED,
        .started_ns = TIME_NEVER,
        .ended_ns = TIME_NEVER,
        .result_ns = TIME_NEVER,
        .has_result = true,
        .success = true,
    };

    for (size_t i = 0; i < clients->count; i++) {
        struct client_outcome one = {.end = CLIENT_NOT_STARTED};

        child_stop(clients->items[i], clients->contract, &one);
        merge(&all, &one, i + 1);
        outcome_clear(&one);
    }
    *outcome = all;
}

void clients_stop(struct clients *clients, struct client_outcome *outcome)
{
    struct client_outcome nobody_asks = {.end = CLIENT_NOT_STARTED};

    if (clients == NULL)
        return;
    for (size_t i = 0; i < clients->count; i++)
        child_kill(clients->items[i]);
    pace_end(clients->pace);
    orphans_end();
    if (clients->count == 1)
        child_stop(clients->items[0], clients->contract,
                   outcome ? outcome : &nobody_asks);
    else
        stop_several(clients, outcome ? outcome : &nobody_asks);
    outcome_clear(&nobody_asks);
    alloc_free(clients);
}

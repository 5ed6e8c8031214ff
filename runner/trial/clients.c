/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trial/clients.h"

#include "common/alloc.h"
#include "common/clock.h"
#include "runner/trial/contract.h"
#include "runner/trial/job.h"
#include "runner/trial/orphans.h"

#include <assert.h>
#include <string.h>

enum { TAILS_BYTES_MAX = PLAN_CLIENTS_MAX * (CHILD_TAIL_BYTES + 64) };

/* A process of its own, or a job of one that lives on. */
struct client {
    struct child     *child;  /* NULL: it is a stdio job */
    struct stdio_job *stdio_job;
};

struct clients {
    struct client             items[PLAN_CLIENTS_MAX];
    size_t                    count;
    const struct contract    *contract;
    const struct trial_clock *trial_clock;
};

static bool start_one(struct clients             *clients,
                      const struct clients_setup *setup, struct err *err)
{
    struct client   *client = &clients->items[clients->count];
    struct job_setup job_setup = {
        .plan = setup->trial->plan,
        .manifest = setup->trial->manifest,
        .keys = setup->trial->keys,
        .port = setup->port,
        .client = (unsigned)clients->count + 1,
    };
    struct job job;
    bool       ok = job_make(&job, &job_setup, err);

    if (ok && clients->contract->lives_on)
        client->stdio_job = stdio_job_start(
            &setup->trial->lanes[clients->count], job.input,
            trial_clock_clock(setup->trial_clock), setup->epoch_ns);
    else if (ok)
        ok = child_start(&client->child, &job, setup->trial_clock,
                         setup->epoch_ns, err);
    job_clear(&job);
    clients->count += ok;
    return ok;
}

bool clients_start(struct clients **out, const struct clients_setup *setup,
                   struct err *err)
{
    struct clients *clients = alloc_zero(1, sizeof *clients);

    clients->contract = setup->trial->manifest->contract;
    clients->trial_clock = setup->trial_clock;
    while (clients->count < setup->trial->plan->given.clients)
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
    size_t count = 0;

    assert(clients->count >= 1 && clients->count <= PLAN_CLIENTS_MAX);
    for (size_t i = 0; i < clients->count; i++) {
        const struct client *client = &clients->items[i];

        if (client->child != NULL) {
            child_fds(client->child, fds + count);
            count += CHILD_FDS;
        } else {
            stdio_job_fds(client->stdio_job, fds + count);
            count += STDIO_JOB_FDS;
        }
    }
    return count;
}

int64_t clients_wait_ns(const struct clients *clients)
{
    int64_t soonest_ns = -1;

    for (size_t i = 0; i < clients->count; i++) {
        const struct client *client = &clients->items[i];
        int64_t wait_ns = client->child ? child_wait_ns(client->child)
                                        : stdio_job_wait_ns(client->stdio_job);

        if (wait_ns >= 0 && (soonest_ns < 0 || wait_ns < soonest_ns))
            soonest_ns = wait_ns;
    }
    return soonest_ns;
}

void clients_turn(struct clients *clients, const struct pollfd *fds)
{
    for (size_t i = 0; i < clients->count; i++) {
        if (clients->items[i].child != NULL) {
            child_turn(clients->items[i].child, fds);
            fds += CHILD_FDS;
        } else {
            stdio_job_turn(clients->items[i].stdio_job);
            fds += STDIO_JOB_FDS;
        }
    }
}

bool clients_heard(const struct clients *clients)
{
    struct pollfd fds[CLIENTS_FDS_MAX];
    size_t        count = clients_fds(clients, fds);

    return poll(fds, (nfds_t)count, 0) == 0;
}

bool clients_gone(const struct clients *clients)
{
    for (size_t i = 0; i < clients->count; i++) {
        const struct client *client = &clients->items[i];

        if (!(client->child ? child_gone(client->child)
                            : stdio_job_gone(client->stdio_job)))
            return false;
    }
    return true;
}

void clients_end(struct clients *clients, enum client_end why)
{
    for (size_t i = 0; i < clients->count; i++) {
        if (clients->items[i].child != NULL)
            child_end(clients->items[i].child, why);
        else
            stdio_job_end(clients->items[i].stdio_job, why);
    }
}

/* Whatever is left of them; then nobody writes into their pipes any more. */
static void kill_all(struct clients *clients)
{
    for (size_t i = 0; i < clients->count; i++) {
        if (clients->items[i].child != NULL)
            child_kill(clients->items[i].child);
        else
            stdio_job_kill(clients->items[i].stdio_job);
    }
    trial_clock_end(clients->trial_clock);
    orphans_end();
}

static void stop_one(struct clients *clients, size_t index,
                     struct client_outcome *outcome)
{
    const struct client *client = &clients->items[index];

    assert(index < clients->count);
    if (client->child != NULL)
        child_stop(client->child, clients->contract, outcome);
    else
        stdio_job_stop(client->stdio_job, clients->contract, outcome);
}

/* ---- one outcome of all ---- */

/* How much an end says against all: a crash more than a flood, a flood more
 * than having been ended without blame. */
static int weight(enum client_end end)
{
    static const enum client_end order[] = {
        CLIENT_ANSWERED, CLIENT_EXITED,    CLIENT_OBSERVED,
        CLIENT_CLOSED,   CLIENT_FLOODED,   CLIENT_OVERGROWN,
        CLIENT_CUT_OFF,  CLIENT_TIMED_OUT, CLIENT_CRASHED,
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

/* What one says, added to what all say; takes its texts. */
static void merge(struct client_outcome *all, struct client_outcome *one,
                  size_t number)
{
    assert(number >= 1);
    if (weight(one->end) > weight(all->end)) {
        all->end = one->end;
        all->exit_code = one->exit_code;
        all->signal = one->signal;
    }
    if (all->exit_code == 0)
        all->exit_code = one->exit_code;
    if (all->started_ns == TIME_NEVER)
        all->started_ns = one->started_ns;
    all->ended_ns = clock_later_ns(all->ended_ns, one->ended_ns);
    if (all->has_result && one->has_result && one->result_ns != TIME_NEVER)
        all->result_ns = clock_later_ns(all->result_ns, one->result_ns);
    else
        all->result_ns = TIME_NEVER;
    all->untaken = all->untaken || one->untaken;
    all->has_result = all->has_result && one->has_result;
    all->success = all->success && one->success;
    say_who(&one->error, number);
    say_who(&one->trouble, number);
    if (all->lapse == NULL && one->lapse != NULL)
        all->lapse = alloc_format("%s (client %zu)", one->lapse, number);
    take_text(&all->error, &one->error);
    take_text(&all->trouble, &one->trouble);
    take_text(&all->left, &one->left);
    append_tail(&all->out_tail, one->out_tail, number);
    append_tail(&all->err_tail, one->err_tail, number);
}

static void outcome_clear(struct client_outcome *outcome)
{
    alloc_free(outcome->error);
    alloc_free(outcome->trouble);
    alloc_free(outcome->lapse);
    alloc_free(outcome->capabilities);
    alloc_free(outcome->left);
    alloc_free(outcome->out_tail);
    alloc_free(outcome->err_tail);
}

static void stop_several(struct clients        *clients,
                         struct client_outcome *outcome)
{
    struct client_outcome all = {
        .end = CLIENT_ANSWERED, /* the least that can be said */
        .started_ns = TIME_NEVER,
        .ended_ns = TIME_NEVER,
        .result_ns = TIME_NEVER,
        .has_result = true,
        .success = true,
    };

    for (size_t i = 0; i < clients->count; i++) {
        struct client_outcome one = {.end = CLIENT_NOT_STARTED};

        stop_one(clients, i, &one);
        merge(&all, &one, i + 1);
        outcome_clear(&one);
    }
    *outcome = all;
}

/* What was left outside the clients' groups, added to what was in them; takes
 * it. Whom we ended had no time to clear up. */
static void add_left(struct client_outcome *outcome, char *others)
{
    char *both = NULL;

    if (outcome->left != NULL && others != NULL)
        both = alloc_format("%s; %s", outcome->left, others);
    else
        take_text(&both, outcome->left != NULL ? &outcome->left : &others);
    alloc_free(outcome->left);
    alloc_free(others);
    outcome->left = outcome->end == CLIENT_EXITED ? both : NULL;
    if (outcome->left == NULL)
        alloc_free(both);
}

void clients_stop(struct clients *clients, struct client_outcome *outcome)
{
    struct client_outcome nobody_asks = {.end = CLIENT_NOT_STARTED};
    char                 *others;

    if (clients == NULL)
        return;
    if (outcome == NULL)
        outcome = &nobody_asks;
    others = orphans_tell(0);
    kill_all(clients);
    if (clients->count == 1)
        stop_one(clients, 0, outcome);
    else
        stop_several(clients, outcome);
    add_left(outcome, others);
    outcome_clear(&nobody_asks);
    alloc_free(clients);
}

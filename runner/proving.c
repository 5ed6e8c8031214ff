/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/proving.h"

#include "common/alloc.h"
#include "common/clock.h"
#include "common/io.h"
#include "runner/proof/proof.h"
#include "runner/trial/interrupt.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    HELPERS = 6, /* they wait most of the time */
    SAID_BYTES_MAX = 1 << 20,
};

/* Longer than any proof may take; then the rest is made without them. */
#define HELPERS_NS (60 * NS_PER_S)

struct helper {
    pid_t        pid; /* 0 = none */
    int          fd;  /* a line of JSON a proof comes here */
    struct bytes said;
};

struct proving {
    bool          used[FAULT_COUNT];
    struct helper helpers[HELPERS];
};

/* ---- in the background ---- */

/* False: nobody listens any more. */
static bool tell(int fd, const struct proof *proof)
{
    cJSON *json = proof_to_json(proof);
    char  *line = cJSON_PrintUnformatted(json);
    size_t length = strlen(line);
    bool   ok;

    line[length] = '\n'; /* in place of its NUL: a write a line */
    ok = write(fd, line, length + 1) == (ssize_t)length + 1;
    cJSON_free(line);
    cJSON_Delete(json);
    return ok;
}

/* Every HELPERS-th proof of those that are wanted; never returns. */
static void help(const struct proving *proving, size_t mine, int fd)
{
    size_t wanted = 0;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    interrupt_leave();
    for (size_t i = 0; i < proof_count(); i++) {
        struct proof proof;
        struct err   err;

        if (!proving->used[proof_fault(i)] || wanted++ % HELPERS != mine)
            continue;
        if (!proof_make(i, &proof, &err) || !tell(fd, &proof))
            _exit(1);
        proof_clear(&proof);
    }
    _exit(0);
}

/* Without a helper its proofs are made in the end. */
static void start_helper(struct proving *proving, size_t mine)
{
    struct helper *helper = &proving->helpers[mine];
    int            pipes[2];

    bytes_init(&helper->said, SAID_BYTES_MAX);
    if (pipe2(pipes, O_CLOEXEC) != 0)
        return;
    fflush(NULL); /* nothing buffered is printed twice */
    helper->pid = fork();
    if (helper->pid == 0) {
        close(pipes[0]);
        help(proving, mine, pipes[1]);
    }
    close(pipes[1]);
    helper->fd = pipes[0];
    if (helper->pid < 0) {
        helper->pid = 0;
        close(helper->fd);
    }
}

static size_t count_wanted(const struct proving *proving)
{
    size_t wanted = 0;

    for (size_t i = 0; i < proof_count(); i++)
        wanted += proving->used[proof_fault(i)];
    return wanted;
}

struct proving *proving_start(const struct selection *selection,
                              const struct manifest  *manifest)
{
    struct proving *proving = alloc_zero(1, sizeof *proving);
    size_t          wanted;

    for (size_t i = 0; i < selection->count; i++)
        if (manifest_lacks(manifest, selection->plans[i]) == NULL)
            plan_note_faults(selection->plans[i], proving->used);
    wanted = count_wanted(proving);
    for (size_t i = 0; i < HELPERS && i < wanted; i++)
        start_helper(proving, i);
    return proving;
}

/* ---- what they said ---- */

static void read_helper(struct helper *helper, int64_t until_ns)
{
    char part[4096];

    for (;;) {
        int64_t       left_ns = until_ns - clock_now_ns(clock_real());
        struct pollfd fds[] = {{.fd = helper->fd, .events = POLLIN},
                               {.fd = interrupt_fd(), .events = POLLIN}};
        ssize_t       got;

        if (left_ns <= 0 || poll(fds, 2, (int)(left_ns / NS_PER_MS)) == 0 ||
            interrupt_came() != 0)
            return;
        got = io_read(helper->fd, part, sizeof part);
        if (got <= 0)
            return;
        bytes_append(&helper->said, part, (size_t)got);
    }
}

static void end_helper(struct helper *helper)
{
    if (helper->pid > 0) {
        kill(helper->pid, SIGKILL);
        waitpid(helper->pid, NULL, 0);
        close(helper->fd);
    }
    bytes_clear(&helper->said);
    *helper = (struct helper){0};
}

static void add_proof(struct run *run, const struct proof *proof)
{
    run->proofs =
        alloc_grow(run->proofs, run->proof_count + 1, sizeof run->proofs[0]);
    run->proofs[run->proof_count++] = *proof;
}

static const struct proof *find_proof(const struct run *run, size_t index)
{
    struct proof wanted = proof_nth(index);

    for (size_t i = 0; i < run->proof_count; i++)
        if (run->proofs[i].fault == wanted.fault &&
            run->proofs[i].by == wanted.by)
            return &run->proofs[i];
    return NULL;
}

/* Those that held; the others are made again. */
static void take_what_held(const struct helper *helper, struct run *run)
{
    const char *line = bytes_text(&helper->said);

    for (const char *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        cJSON       *json = cJSON_ParseWithLength(line, (size_t)(end - line));
        struct proof proof;
        struct err   err;

        if (proof_from_json(json, &proof, &err) && proof.held)
            add_proof(run, &proof);
        else
            proof_clear(&proof);
        cJSON_Delete(json);
    }
}

/* ---- the end ---- */

/* A decide step may have asked for others than the plans name. */
static void note_played(const struct run *run, bool used[FAULT_COUNT])
{
    for (size_t i = 0; i < run->trial_count; i++)
        for (int fault = FAULT_NONE + 1;
             run->trials[i].record != NULL && fault < FAULT_COUNT; fault++)
            used[fault] = used[fault] || record_has_fault(run->trials[i].record,
                                                          (enum fault)fault);
}

static void prove_alone(struct run *run, size_t index)
{
    struct proof proof;
    struct err   err = {0};

    if (!proof_make(index, &proof, &err)) {
        alloc_free(proof.missed);
        proof.missed = alloc_format("it could not be proved: %s", err.text);
    }
    add_proof(run, &proof);
}

static int in_order(const void *left, const void *right)
{
    const struct proof *a = left;
    const struct proof *b = right;

    if (a->fault != b->fault)
        return a->fault < b->fault ? -1 : 1;
    return a->by < b->by ? -1 : a->by > b->by;
}

/* Says in each trial that it rests on something else than it was to. */
static bool take_verdicts(struct run *run, const struct proof *proof)
{
    bool any = false;

    for (size_t i = 0; i < run->trial_count; i++) {
        struct trial_result *trial = &run->trials[i];

        if (trial->record == NULL || trial->verdict == NULL ||
            !record_has_fault(trial->record, proof->fault))
            continue;
        verdict_free(trial->verdict);
        trial->verdict = verdict_new();
        verdict_decide(trial->verdict, VERDICT_BROKEN,
                       "the fault %s is not what it should be here; promised: "
                       "%s; seen: %s (%s); Retrial's own fault",
                       fault_name(proof->fault), proof->promised, proof->saw,
                       proof->missed);
        any = true;
    }
    return any;
}

bool proving_finish(struct proving *proving, struct run *run)
{
    int64_t until_ns = clock_now_ns(clock_real()) + HELPERS_NS;
    bool    any = false;

    for (size_t i = 0; i < HELPERS; i++) {
        if (proving->helpers[i].pid > 0)
            read_helper(&proving->helpers[i], until_ns);
        take_what_held(&proving->helpers[i], run);
    }
    note_played(run, proving->used);
    for (size_t i = 0; i < proof_count(); i++)
        if (proving->used[proof_fault(i)] && find_proof(run, i) == NULL &&
            interrupt_came() == 0)
            prove_alone(run, i);
    if (run->proof_count > 1)
        qsort(run->proofs, run->proof_count, sizeof run->proofs[0], in_order);
    for (size_t i = 0; i < run->proof_count; i++)
        if (!run->proofs[i].held)
            any = take_verdicts(run, &run->proofs[i]) || any;
    proving_stop(proving);
    return any;
}

void proving_stop(struct proving *proving)
{
    if (proving == NULL)
        return;
    for (size_t i = 0; i < HELPERS; i++)
        end_helper(&proving->helpers[i]);
    alloc_free(proving);
}

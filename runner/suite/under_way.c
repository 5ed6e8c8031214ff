/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/suite/under_way.h"

#include "common/alloc.h"
#include "common/clock.h"
#include "common/io.h"
#include "runner/suite/record_file.h"
#include "runner/trial/interrupt.h"
#include "runner/trial/trial.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* While the machine is full the load is asked again this often. */
#define ADMIT_AGAIN_NS (5 * NS_PER_MS)

/* A trial that may take longer is not run again in real time. */
#define SETTLED_REAL_MAX_NS (60 * NS_PER_S)

static int64_t now_ns(void)
{
    return clock_now_ns(clock_real());
}

/* ---- one trial: started, finished, passed over ---- */

static struct slot *free_slot(struct suite *suite)
{
    for (size_t i = 0; i < suite->slot_count; i++)
        if (suite->slots[i].worker.pid == 0)
            return &suite->slots[i];
    suite->slots =
        alloc_grow(suite->slots, suite->slot_count + 1, sizeof suite->slots[0]);
    memset(&suite->slots[suite->slot_count], 0, sizeof suite->slots[0]);
    return &suite->slots[suite->slot_count++];
}

/* The trial has its verdict without a run. */
static void pass_over(struct suite *suite, struct trial_result *trial,
                      const char *why)
{
    verdict_free(trial->verdict);
    trial->verdict = verdict_new();
    verdict_decide(trial->verdict, VERDICT_INCONCLUSIVE, "%s", why);
    suite->progress.done++;
}

/* Which clock a trial is run on. What stayed in doubt under jumps, also when
 * nothing else ran, is asked a last time in real time, where the noise is what
 * it is for everybody, unless that might take too long. */
static enum trial_clock_kind clock_of_trial(const struct suite        *suite,
                                            const struct trial_result *trial)
{
    const struct plan *plan = trial->plan;

    if (trial->runs >= RUNS_AGAIN_MAX &&
        plan->limit_ns <= SETTLED_REAL_MAX_NS &&
        trial_clock_lacks(TRIAL_CLOCK_REAL, plan) == NULL)
        return TRIAL_CLOCK_REAL;
    return trial_clock_of(suite->setup->trial_clock, plan);
}

bool under_way_start(struct suite *suite, size_t index, struct err *err)
{
    const struct plan *plan = suite->run->trials[index].plan;
    struct slot       *slot = free_slot(suite);
    struct trial_setup setup = {
        .plan = plan,
        .manifest = suite->setup->manifest,
        .script = suite->setup->script,
        .seed = suite->setup->seed,
        .trial_clock = clock_of_trial(suite, &suite->run->trials[index]),
        .keys =
            keys_lend(&suite->keys, plan_has_oauth(plan), plan->given.https),
    };

    assert(index < suite->run->trial_count && !suite->giving_up);
    if (!lanes_take(suite->setup->lanes, plan->given.clients, index,
                    slot->lanes, err)) {
        if (err->code == ERR_MACHINE && suite->running > 0)
            return false;
        pass_over(suite, &suite->run->trials[index], err->text);
        suite->run->trials[index].runs++; /* it was tried */
        return true;
    }
    setup.lanes = slot->lanes;
    slot->trial = index;
    slot->started_ns = now_ns();
    if (!worker_start(&slot->worker, &setup, slot->started_ns, err)) {
        lanes_give_back(suite->setup->lanes, index, true);
        return false;
    }
    suite->running++;
    return true;
}

const char *under_way_lacks(const struct suite *suite, const struct plan *plan)
{
    const char *lack = manifest_lacks(suite->setup->manifest, plan);

    return lack != NULL ? lack
                        : trial_clock_lacks(suite->setup->trial_clock, plan);
}

static bool skip_or_start(struct suite *suite, struct err *err)
{
    struct trial_result *trial = &suite->run->trials[suite->next];
    const char          *lacking = under_way_lacks(suite, trial->plan);

    assert(suite->next < suite->run->trial_count);
    if (lacking != NULL) {
        suite->next++;
        trial->verdict = verdict_new();
        verdict_lack(trial->verdict, lacking);
        suite->progress.done++;
        return true;
    }
    return under_way_start(suite, suite->next++, err);
}

static void keep_record(const struct suite        *suite,
                        const struct trial_result *trial)
{
    char      *path;
    struct err err = {0};

    if (suite->setup->records_dir == NULL || trial->record == NULL)
        return;
    path = record_file_path(suite->setup->records_dir, trial->plan->id);
    if (!record_file_write(path, trial->record, &err) &&
        suite->outcome->unkept_count++ == 0)
        suite->outcome->unkept = err;
    alloc_free(path);
}

/* The clients have answered, and were as good as their word: they can be
 * given another job. */
static bool left_clean(const struct record *record)
{
    const struct client_outcome *outcome = &record->outcome;

    if (outcome->end != CLIENT_ANSWERED || !outcome->has_result ||
        outcome->lapse != NULL)
        return false;
    for (size_t i = 0; i < record->attempt_count; i++)
        if (record->attempts[i]->arrived_ns > outcome->result_ns)
            return false;
    return true;
}

void under_way_add_lapse(void *context, size_t index, const char *lapse)
{
    struct suite          *suite = context;
    struct trial_result   *trial = &suite->run->trials[index];
    struct client_outcome *outcome;
    struct err             err = {0};

    assert(lapse != NULL);
    if (trial->record == NULL || trial->verdict == NULL ||
        trial->verdict->reason != NULL)
        return; /* it has no verdict that could change */
    outcome = &trial->record->outcome;
    alloc_free(outcome->lapse);
    outcome->lapse = alloc_text(lapse);
    suite->progress.failed -= trial->verdict->kind == VERDICT_FAIL;
    verdict_free(trial->verdict);
    trial->verdict = verdict_new();
    if (!trial_judge(trial->plan, &suite->setup->manifest->profile,
                     suite->setup->script, trial->record, trial->verdict, &err))
        verdict_decide(trial->verdict, VERDICT_BROKEN, "%s: %s", err.place,
                       err.text);
    suite->progress.failed += trial->verdict->kind == VERDICT_FAIL;
    keep_record(suite, trial);
}

/* How a client that did not take its job had misbehaved before. */
static void earlier_lapse(const struct client_outcome *outcome, char *text,
                          size_t size)
{
    if (outcome->end == CLIENT_ANSWERED)
        snprintf(text, size, "printed a line more after its answer");
    else if (outcome->end == CLIENT_CRASHED)
        snprintf(text, size, "was ended by signal %d after its answer",
                 outcome->signal);
    else
        snprintf(text, size, "took no other job after its answer: %s",
                 client_end_meaning(outcome->end));
}

/* A client that never read this trial's job is not on trial here: the one
 * that had it before is told what it did, and this one is run anew. */
static bool charge_predecessor(struct suite *suite, struct slot *slot)
{
    struct trial_result *trial = &suite->run->trials[slot->trial];
    struct lanes        *lanes = suite->setup->lanes;
    size_t               earlier = lanes_earlier(lanes, slot->trial);
    char                 lapse[160];

    if (suite->giving_up || trial->record == NULL ||
        !trial->record->outcome.untaken || earlier == LANES_NO_TRIAL)
        return false;
    earlier_lapse(&trial->record->outcome, lapse, sizeof lapse);
    under_way_add_lapse(suite, earlier, lapse);
    lanes_give_back(lanes, slot->trial, false);
    return true;
}

/* What the client said and did in it is nobody's. */
static void run_anew(struct suite *suite, struct slot *slot)
{
    struct trial_result *trial = &suite->run->trials[slot->trial];
    struct err           err = {0};

    assert(suite->running > 0);
    record_free(trial->record);
    verdict_free(trial->verdict);
    trial->record = NULL;
    trial->verdict = NULL;
    slot->worker.pid = 0;
    suite->running--;
    if (!under_way_start(suite, slot->trial, &err))
        pass_over(suite, trial, err.text);
}

static void finish(struct suite *suite, struct slot *slot)
{
    struct trial_result *trial = &suite->run->trials[slot->trial];
    bool                 ours = false;

    assert(slot->worker.pid > 0 && suite->running > 0);
    record_free(trial->record);
    verdict_free(trial->verdict); /* of a run before this one */
    trial->record = NULL;

    worker_finish(&slot->worker, &trial->record, &trial->verdict, &ours);
    (void)lanes_disturbed(suite->setup->lanes, slot->trial, trial->verdict);
    if (suite->setup->lanes != NULL && !ours &&
        charge_predecessor(suite, slot)) {
        run_anew(suite, slot);
        return;
    }
    lanes_give_back(suite->setup->lanes, slot->trial,
                    !ours && trial->record != NULL &&
                        left_clean(trial->record));
    slot->worker.pid = 0;
    trial->wall_ns = now_ns() - slot->started_ns;
    trial->runs++;
    if (ours)
        suite->outcome->ours = true;
    keep_record(suite, trial);
    suite->running--;
    suite->progress.done++;
    suite->progress.failed += trial->verdict->kind == VERDICT_FAIL;
}

/* ---- the loop ---- */

/* What the machine has no more of (processes, descriptors) it has again when a
 * trial has ended: then no more are started at once than it bore. */
static bool is_full(struct suite *suite, const struct err *err)
{
    assert(suite->next > 0);
    if (err->code != ERR_MACHINE || suite->running == 0)
        return false;
    suite->next--;
    suite->most = suite->running;
    return true;
}

bool under_way_start_next(struct suite *suite, struct err *err)
{
    while (suite->next < suite->run->trial_count &&
           suite->running < suite->most &&
           load_allows(&suite->load, suite->running, suite->setup->jobs))
        if (!skip_or_start(suite, err))
            return is_full(suite, err);
    return true;
}

void under_way_wait(struct suite *suite)
{
    struct pollfd *fds = alloc_zero(suite->slot_count + 1, sizeof fds[0]);
    bool           waiting = suite->next < suite->run->trial_count;

    for (size_t i = 0; i < suite->slot_count; i++)
        fds[i] = (struct pollfd){
            .fd = suite->slots[i].worker.pid ? suite->slots[i].worker.fd : -1,
            .events = POLLIN,
        };
    fds[suite->slot_count] =
        (struct pollfd){.fd = interrupt_fd(), .events = POLLIN};
    io_poll(fds, suite->slot_count + 1, waiting ? ADMIT_AGAIN_NS : NS_PER_S);
    suite->outcome->interrupted =
        watch_meddled(suite->setup->watch, &suite->meddled) ||
        interrupt_came() != 0;
    for (size_t i = 0; i < suite->slot_count; i++) {
        struct slot *slot = &suite->slots[i];

        if (slot->worker.pid == 0)
            continue;
        if (worker_turn(&slot->worker, fds[i].revents != 0, now_ns()))
            finish(suite, slot);
    }
    alloc_free(fds);
}

void under_way_unsay(struct trial_result *trial)
{
    verdict_free(trial->verdict);
    trial->verdict = NULL;
}

void under_way_give_up(struct suite *suite)
{
    suite->giving_up = true;
    for (size_t i = 0; i < suite->slot_count; i++) {
        struct worker *worker = &suite->slots[i].worker;

        if (worker->pid == 0)
            continue;
        worker_kill(worker);
        finish(suite, &suite->slots[i]);
        under_way_unsay(&suite->run->trials[suite->slots[i].trial]);
    }
    assert(suite->running == 0);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Before any trial: can this client be run at all? */

#include "runner/suite/suite.h"

#include "common/alloc.h"
#include "runner/suite/worker.h"
#include "runner/trial/interrupt.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

static const char preflight_text[] =
    "scenario \"retrial/preflight\" {\n"
    "  rules  = { \"DELIVER-1\" },\n"
    "  given  = { events = 1, config = { flushInterval = \"200ms\" } },\n"
    "  server = { answer { 200 } },\n"
    /* Nobody knows yet how long its start takes. But once it is answered it
     * has not much more to do. */
    "  limit  = \"2m\",\n"
    "  observe = \"20s\",\n"
    "}\n";

/* How often the worker is looked at that has nothing to say. */
enum { LOOK_MS = 250 };

/* The last line of its stderr, for the one line of our error. */
static const char *last_words(const struct record *record, char *buffer,
                              size_t size)
{
    const char *tail = record ? record->outcome.err_tail : NULL;
    size_t      length;
    size_t      from;

    if (tail == NULL)
        return "";
    length = strlen(tail);
    while (length > 0 && (tail[length - 1] == '\n' || tail[length - 1] == ' '))
        length--;
    for (from = length; from > 0 && tail[from - 1] != '\n';)
        from--;
    if (length == from)
        return "";
    snprintf(buffer, size, "; its last words: %.*s", (int)(length - from),
             tail + from);
    return buffer;
}

/* A bare command tells in its result what it can do beyond the base contract;
 * a manifest needs no such help. */
static void learn_capabilities(struct manifest     *manifest,
                               const struct record *record)
{
    char *words = alloc_text(record->outcome.capabilities);
    char *rest = words;

    while (manifest->folder == NULL && rest != NULL)
        manifest_add_capability(manifest, strsep(&rest, " "));
    alloc_free(words);
}

/* It asked for something: what its findings leave in doubt is a trial's
 * matter. */
static bool was_heard(const struct record *record)
{
    return record != NULL && record->attempt_count > 0;
}

/* What it took for one event, which is delivered at once, it takes for its
 * start and its end. Of one that did not end by itself only the start is
 * known. */
static int64_t startup_ns(const struct record *record)
{
    const struct client_outcome *outcome = &record->outcome;
    bool                         ended =
        outcome->end == CLIENT_EXITED || outcome->end == CLIENT_ANSWERED;
    int64_t until_ns = TIME_NEVER;

    if (ended)
        until_ns = outcome->ended_ns;
    else if (was_heard(record))
        until_ns = record->attempts[0]->arrived_ns;
    return until_ns > outcome->started_ns ? until_ns - outcome->started_ns : 0;
}

/* Whether a client that lives on may go on to the trials. */
static bool is_clean(const struct record *record)
{
    return record != NULL && record->outcome.end == CLIENT_ANSWERED &&
           record->outcome.lapse == NULL;
}

/* Until the worker has ended, by itself or because of what befell us: err says
 * what a client did, interrupt_came() what a user. */
static bool wait_for(struct worker *worker, struct watch *watch,
                     struct err *err)
{
    struct pollfd fds[2];

    do {
        fds[0] = (struct pollfd){.fd = worker->fd, .events = POLLIN};
        fds[1] = (struct pollfd){.fd = interrupt_fd(), .events = POLLIN};
        poll(fds, 2, LOOK_MS);
        if (watch_meddled(watch, err) || interrupt_came() != 0) {
            worker_kill(worker);
            return false;
        }
    } while (
        !worker_turn(worker, fds[0].revents != 0, clock_now_ns(clock_real())));
    return true;
}

static bool run_it(struct manifest *manifest, struct lanes *lanes,
                   struct watch *watch, struct script *script, uint64_t seed,
                   struct err *err)
{
    struct lane        lane;
    struct trial_setup setup = {
        .plan = script_plan(script, 0),
        .manifest = manifest,
        .script = script,
        .seed = seed,
        .lanes = &lane,
    };
    struct worker   worker = {0};
    struct record  *record = NULL;
    struct verdict *verdict = NULL;
    char            words[256];
    bool            undisturbed;
    bool            ours = false;
    bool            ok = true;

    if (!lanes_take(lanes, 1, LANES_NO_TRIAL, &lane, err) ||
        !worker_start(&worker, &setup, clock_now_ns(clock_real()), err))
        return false;
    undisturbed = wait_for(&worker, watch, err);
    worker_finish(&worker, &record, &verdict, &ours);
    if (lanes_disturbed(lanes, LANES_NO_TRIAL, verdict))
        ours = false;
    lanes_give_back(lanes, LANES_NO_TRIAL, is_clean(record));
    if (!undisturbed)
        ok = false;
    else if (verdict->kind == VERDICT_INCONCLUSIVE &&
             (verdict->decided || !was_heard(record)))
        ok = err_set(err, ERR_CLIENT, manifest->command[0],
                     "the client could not be run: %s%s", verdict->reason,
                     last_words(record, words, sizeof words));
    else if (verdict->kind == VERDICT_BROKEN && ours)
        ok = err_set(err, ERR_OURS, "preflight", "%s", verdict->reason);
    else if (record != NULL) {
        learn_capabilities(manifest, record);
        manifest->startup_ns = startup_ns(record);
    }
    record_free(record);
    verdict_free(verdict);
    return ok;
}

bool suite_preflight(struct manifest *manifest, struct lanes *lanes,
                     struct watch *watch, uint64_t seed, struct err *err)
{
    struct script_config config = {.seed = seed, .profile = &manifest->profile};
    struct script       *script = NULL;
    bool                 ok;

    ok = script_open(&script, &config, err) &&
         script_load_text(script, "preflight", preflight_text,
                          strlen(preflight_text), err) &&
         run_it(manifest, lanes, watch, script, seed, err);
    script_close(script);
    return ok;
}

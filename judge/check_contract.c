/* SPDX-License-Identifier: Apache-2.0 */
/* How the client's life ended: what the client contract asks of any client,
 * whatever the scenario. */

#include "judge/check.h"
#include "judge/events.h"
#include "judge/evidence.h"
#include "judge/leaving.h"

#include "common/clock.h"

#include <stdio.h>

#define CHECK   "contract"
#define SUBJECT "contract"

static void judge_result(const struct history *history, struct verdict *verdict)
{
    const struct client_outcome *outcome = &history->record->outcome;

    if (outcome->has_result || history->record->attempt_count == 0)
        return; /* a client that did nothing at all is the runner's matter */
    verdict_find_other(verdict, SUBJECT, CHECK, 0,
                       "the client exited (exit code %d) without a result%s%s",
                       outcome->exit_code, outcome->trouble ? ": " : "",
                       outcome->trouble ? outcome->trouble : "");
}

/* What it was let live in addition is told where anybody would notice. */
#define EXTRA_TOLD_NS (NS_PER_S / 10)

/* Of a batch whose last answer may be followed by one. */
static bool waits_for_a_retry(const struct history *history)
{
    for (size_t i = 0; i < history->batch_count; i++) {
        const struct attempt_view *last = history->batches[i].last;

        if (!last->obligation.must_stop)
            return true;
    }
    return false;
}

static void judge_limit(const struct history *history, struct verdict *verdict)
{
    int64_t extra_ns = history->record->outcome.extra_ns;
    char    extra[EVIDENCE_MAX] = "";

    if (PROFILE_OPEN(history->profile, backoff_law) &&
        waits_for_a_retry(history)) {
        verdict_cut(verdict, VERDICT_NOT_EXERCISED,
                    "the client was ended at the scenario's limit (%.1f s), "
                    "perhaps before a retry of which the profile says not when "
                    "it comes",
                    (double)history->plan->limit_ns / (double)NS_PER_S);
        return;
    }
    if (extra_ns >= EXTRA_TOLD_NS)
        snprintf(extra, sizeof extra,
                 ", and %.1f s more for its start, its flush and what the "
                 "machine held it up,",
                 (double)extra_ns / (double)NS_PER_S);
    verdict_find_other(verdict, SUBJECT, CHECK, 0,
                       "the client outlived its limit of %.1f s%s and was "
                       "ended",
                       (double)history->plan->limit_ns / (double)NS_PER_S,
                       extra);
    if (leaving_limit_doubtful(history))
        verdict_doubt(verdict);
}

/* The first body that is too much for us: what unpacks to so much is no
 * delivery of our events. */
static void judge_bodies(const struct history *history, struct verdict *verdict)
{
    for (size_t i = 0; i < history->count; i++) {
        const struct attempt_view *view = &history->items[i];

        if (view->events.body != BODY_ENDLESS &&
            view->events.body != BODY_UNREAD)
            continue;
        verdict_find_other(verdict, SUBJECT, CHECK, view->attempt->number,
                           "the body (%zu bytes) is %s, and what it holds is "
                           "not known; read are %d MiB and %d values of one "
                           "body, and %d MiB unpacked of a record",
                           view->attempt->body_bytes,
                           events_body_text(view->events.body),
                           EVENTS_BODY_BYTES_MAX >> 20, EVENTS_COMMAS_MAX,
                           EVENTS_UNPACK_BYTES >> 20);
        return;
    }
}

static void judge_end(const struct history *history, struct verdict *verdict)
{
    const struct client_outcome *outcome = &history->record->outcome;

    switch (outcome->end) {
    case CLIENT_EXITED:
        judge_result(history, verdict);
        break;
    case CLIENT_ANSWERED:
        if (!outcome->has_result)
            verdict_find_other(verdict, SUBJECT, CHECK, 0,
                               "the client answered without a result: %s",
                               outcome->trouble ? outcome->trouble : "");
        break;
    case CLIENT_CLOSED:
        verdict_find_other(verdict, SUBJECT, CHECK, 0,
                           "the client closed its stdout without an answer, "
                           "lived on and was ended");
        break;
    case CLIENT_CRASHED:
        if (history->record->attempt_count > 0)
            verdict_find_other(verdict, SUBJECT, CHECK, 0,
                               "the client crashed: signal %d",
                               outcome->signal);
        break;
    case CLIENT_TIMED_OUT:
        judge_limit(history, verdict);
        break;
    case CLIENT_CUT_OFF:
        verdict_cut(verdict, VERDICT_INCONCLUSIVE, "%s",
                    outcome->bound ? outcome->bound
                                   : client_end_meaning(outcome->end));
        break;
    case CLIENT_FLOODED:
        verdict_find_other(verdict, SUBJECT, CHECK, 0,
                           "the client printed more than allowed and was "
                           "ended%s%s",
                           outcome->trouble ? ": " : "",
                           outcome->trouble ? outcome->trouble : "");
        break;
    case CLIENT_OVERGROWN:
        verdict_find_other(verdict, SUBJECT, CHECK, 0,
                           "the client took more memory than allowed and was "
                           "ended");
        break;
    default:
        break;
    }
}

static void judge(const struct history *history, struct verdict *verdict)
{
    const struct record *record = history->record;

    if (record->overflow)
        verdict_find_other(verdict, SUBJECT, CHECK, 0,
                           "the record is full, and what came later is not "
                           "in it: it holds %d requests, %d MiB of them, and "
                           "%d remarks at most",
                           RECORD_ATTEMPTS_MAX, RECORD_KEPT_BYTES_MAX >> 20,
                           RECORD_REMARKS_MAX);
    judge_bodies(history, verdict);
    if (record->outcome.lapse != NULL)
        verdict_find_other(verdict, SUBJECT, CHECK, 0, "the client %s",
                           record->outcome.lapse);
    judge_end(history, verdict);
}

const struct check check_contract = {
    .info =
        {
            .name = CHECK,
            .rules = NO_RULES,
            .looks_at =
                "how the client ended: by a crash, past its limit, by a "
                "flood, or without a result",
            .evidence = "the signal, the limit, the exit code, or why there is "
                        "no result",
            .killed_by =
                LIST("crashes-on-502", "error-body-without-code-crashes"),
        },
    .judge = judge,
};

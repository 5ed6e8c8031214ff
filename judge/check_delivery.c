/* SPDX-License-Identifier: Apache-2.0 */
/* Every event is delivered if the server would have accepted it within the
 * budget; also where a rate limit came between. */

#include "judge/check.h"
#include "judge/ending.h"
#include "judge/evidence.h"
#include "judge/gap.h"
#include "judge/leaving.h"

#define CHECK "delivery.all"

static bool has_end(const struct history *history, enum event_end end)
{
    return ending_count(history, end) > 0;
}

static bool was_limited(const struct history *history)
{
    for (size_t i = 0; i < history->count; i++)
        if (history->items[i].obligation.kind == OBLIGATION_RETRY_AFTER)
            return true;
    return false;
}

/* Batches that were lost while they waited for their Retry-After. */
static void judge_limited(const struct history *history,
                          struct verdict       *verdict)
{
    for (size_t i = 0; i < history->batch_count; i++) {
        const struct attempt_view *last = history->batches[i].last;
        char                       answer[EVIDENCE_MAX];

        if (last->obligation.kind == OBLIGATION_RETRY_AFTER &&
            leaving_gave_up(history, last))
            verdict_find(verdict, RULE_RA_13, CHECK, last->attempt->number,
                         "batch %zu was lost while rate-limited: nothing came "
                         "after attempt %u (%s)",
                         i + 1, last->attempt->number,
                         evidence_answer(answer, last));
    }
}

/* Some batch ended otherwise than by a success; then what was never sent is
 * its doing, and check_other_batches.c says so. */
static bool some_failed(const struct history *history)
{
    return has_end(history, EVENT_DROPPED) || has_end(history, EVENT_SPENT);
}

/* It left in the middle of a wait: nobody can say of its SDK what it would have
 * done, so that this is all that is said. */
static void judge_leaving(const struct history *history,
                          struct verdict       *verdict)
{
    const struct client_outcome *outcome = &history->record->outcome;
    const struct attempt_view   *awaited = history->awaited;
    char                         left[EVIDENCE_MAX];
    char                         due[EVIDENCE_MAX];
    char                         answer[EVIDENCE_MAX];

    verdict_find(verdict, RULE_DELIVER_1, CHECK, awaited->attempt->number,
                 "the client %s at %s and left, while the retry of attempt %u "
                 "(%s) was due, at %s at the earliest; allowed is to wait for "
                 "it, or to say how long it waits (waits_s)",
                 !outcome->has_result ? "gave no result"
                 : outcome->success   ? "reported success"
                                      : "reported failure",
                 evidence_seconds(left, leaving_ns(history)),
                 awaited->attempt->number, evidence_answer(answer, awaited),
                 evidence_seconds(due, gap_due_ns(history, awaited)));
}

/* Where no law is published, any wait is right, and the limit may be too short
 * for those before it. */
static bool had_its_time(const struct history *history)
{
    return !PROFILE_OPEN(history->profile, backoff_law) &&
           history->record->outcome.end == CLIENT_TIMED_OUT &&
           !leaving_limit_doubtful(history);
}

static void judge(const struct history *history, struct verdict *verdict)
{
    bool own_events = history->batch_count > 0;
    bool ran =
        leaving_by_itself(history) && history->record->outcome.has_result;
    char events[EVIDENCE_MAX];

    if (!own_events && !ran)
        return; /* driven by hand, or never on trial */
    if (own_events)
        verdict_saw(verdict, RULE_DELIVER_1);
    if (history->leaving == LEFT_WHILE_DUE)
        judge_leaving(history, verdict);
    if (was_limited(history)) {
        verdict_saw(verdict, RULE_RA_13);
        judge_limited(history, verdict);
    }
    if (has_end(history, EVENT_LOST))
        verdict_find(verdict, RULE_DELIVER_1, CHECK, 0,
                     "not delivered, though a retry was still due: %s",
                     evidence_events(events, history, EVENT_LOST));
    if (!has_end(history, EVENT_NEVER_SENT) || some_failed(history))
        return;
    if (leaving_by_itself(history) || had_its_time(history))
        verdict_find(verdict, RULE_DELIVER_1, CHECK, 0, "never sent: %s",
                     evidence_events(events, history, EVENT_NEVER_SENT));
}

const struct check check_delivery = {
    .info =
        {
            .name = CHECK,
            .rules = RULES(RULE_DELIVER_1, RULE_RA_13),
            .looks_at =
                "each event's end: delivered, rightly given up, lost or "
                "never sent; and whether the client left in the middle of "
                "a wait",
            .evidence =
                "the numbers of the events that were lost or never sent. "
                "Another batch's failure is delivery.others' to judge, a full "
                "queue delivery.queue's, an event that is too large "
                "delivery.sizes'. Of a client that left in the middle of a "
                "wait: when it left, and when the retry was due. It is known "
                "by its silence: nothing had come to it for 0.2 s and the "
                "noise. It is blamed for that alone, since nobody knows what "
                "its SDK would have done; and not at all if its manifest "
                "announces that wait (waits_s)",
            .killed_by = LIST(
                "lost-when-rate-limited", "lost-when-requeue-meets-full-queue",
                "budgets-on-the-wall-clock", "leaves-after-a-second"),
        },
    .judge = judge,
};

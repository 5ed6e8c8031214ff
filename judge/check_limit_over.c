/* SPDX-License-Identifier: Apache-2.0 */
/* A success ends the rate-limited state: what was sent next is not held up
 * any more. */

#include "judge/busy.h"
#include "judge/check.h"
#include "judge/evidence.h"
#include "judge/gap.h"

#include "common/clock.h"

/* Where the judge stands while it walks along the attempts. */
struct limit {
    const struct attempt_view *asking;    /* the last Retry-After, */
    const struct attempt_view *success; /* and the success after it */
};

/* The sequence that handed the event over; the last, if none did. */
static size_t sequence_of(const struct plan *plan, unsigned number)
{
    unsigned handed = 0;
    size_t   i = 0;

    while (i + 1 < plan->given.sequence_count) {
        handed += plan->given.sequences[i].events;
        if (number <= handed)
            break;
        i++;
    }
    return i;
}

static unsigned first_number(const struct attempt_view *view)
{
    for (size_t i = 0; i < view->events.count; i++)
        if (view->events.items[i].number > 0)
            return view->events.items[i].number;
    return 0;
}

/* How long after the success the batch's events may have been handed over or
 * lain in the queue: not the client's fault. TIME_NEVER = nobody can tell. */
static int64_t excused_ns(const struct history      *history,
                          const struct attempt_view *success,
                          const struct attempt_view *next)
{
    const struct given *given = &history->plan->given;
    int64_t             flush_at = given->config[CONFIG_FLUSH_AT];
    int64_t             interval_ms = given->config[CONFIG_FLUSH_INTERVAL];
    int64_t             excused = 0;
    size_t              last = sequence_of(history->plan, first_number(next));

    for (size_t i = sequence_of(history->plan, first_number(success)) + 1;
         i <= last && i < given->sequence_count; i++)
        excused += given->sequences[i].delay_ns;
    if (flush_at != CONFIG_UNSET && next->events.ours >= (size_t)flush_at)
        return excused;
    if (interval_ms == CONFIG_UNSET)
        return TIME_NEVER;
    return excused + interval_ms * NS_PER_MS;
}

static void judge_next(const struct history *history, const struct limit *limit,
                       const struct attempt_view *next, struct verdict *verdict)
{
    const struct terms *terms = &history->terms;
    int64_t             waited_ns =
        next->attempt->arrived_ns - busy_until_ns(history, next->batch,
                                                  limit->success->outcome.to_ns,
                                                  next->attempt->arrived_ns);
    int64_t       retry_after_ns = limit->asking->obligation.wait.least_ns;
    int64_t       excused = excused_ns(history, limit->success, next);
    enum lateness lateness;
    char          waited[EVIDENCE_MAX];
    char          answer[EVIDENCE_MAX];

    if (excused == TIME_NEVER)
        return;
    lateness = gap_lateness(history, waited_ns, excused);
    if (lateness == LATENESS_NONE ||
        waited_ns - excused + terms->early_ns < retry_after_ns)
        return;
    verdict_find(verdict, RULE_RA_12, "retry-after.ends", next->attempt->number,
                 "attempt %u (a new batch) came %s after attempt %u's success, "
                 "as if attempt %u's answer (%s) still held",
                 next->attempt->number, evidence_seconds(waited, waited_ns),
                 limit->success->attempt->number,
                 limit->asking->attempt->number,
                 evidence_answer(answer, limit->asking));
    if (lateness == LATENESS_DOUBTFUL)
        verdict_doubt(verdict);
}

static void judge(const struct history *history, struct verdict *verdict)
{
    struct limit limits[PLAN_CLIENTS_MAX + 1] = {{0}}; /* by client */

    for (size_t i = 0; i < history->count; i++) {
        const struct attempt_view *view = &history->items[i];
        struct limit              *limit;

        if (view->batch == NULL)
            continue;
        limit = &limits[view->batch->client];
        if (view->nth == 1 && limit->success != NULL)
            judge_next(history, limit, view, verdict);
        if (view->obligation.kind == OBLIGATION_RETRY_AFTER)
            *limit = (struct limit){.asking = view};
        if (view->outcome.kind == OUTCOME_DELIVERED && limit->asking != NULL) {
            limit->success = view;
            verdict_saw(verdict, RULE_RA_12);
        }
    }
}

const struct check check_limit_over = {
    .info =
        {
            .name = "retry-after.ends",
            .rules = RULES(RULE_RA_12),
            .looks_at =
                "the time from a success after a Retry-After to the next "
                "batch's first attempt",
            .evidence = "the success, the next batch's attempt, and the "
                        "Retry-After that still held. Delays of the sequences "
                        "and of the flush interval are excused",
            .killed_by = LIST("rate-limit-state-never-cleared"),
        },
    .judge = judge,
};

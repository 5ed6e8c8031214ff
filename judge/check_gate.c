/* SPDX-License-Identifier: Apache-2.0 */
/* Until a Retry-After wait is over the pipeline is blocked: no other batch of
 * this client is sent. */

#include "judge/check.h"
#include "judge/evidence.h"
#include "judge/leaving.h"

#include "common/clock.h"

/* The worker that got the answer has told the others by then, */
#define NOTICED_NS (200 * NS_PER_MS)
/* and what was under way has arrived by then. */
#define UNDER_WAY_NS NS_PER_S

/* What was under way when the answer came is excused: where the workers are
 * counted, one request of each other worker, and all until the news is sure to
 * be known; else whatever comes within a second. */
struct excuse {
    int64_t until_ns;
    int64_t requests;
};

static struct excuse excuse_of(const struct history      *history,
                               const struct attempt_view *view)
{
    int64_t workers = history->plan->given.config[CONFIG_WORKERS];

    if (workers == CONFIG_UNSET)
        return (struct excuse){view->outcome.to_ns + UNDER_WAY_NS, 0};
    return (struct excuse){view->outcome.to_ns + NOTICED_NS, workers - 1};
}

static void blame(const struct attempt_view *other,
                  const struct attempt_view *view, struct verdict *verdict)
{
    char answer[EVIDENCE_MAX];
    char after[EVIDENCE_MAX];

    verdict_find(verdict, RULE_RA_5, "retry-after.gate", other->attempt->number,
                 "attempt %u (batch %zu) came %s after attempt %u (batch %zu) "
                 "was answered %s: no batch may be sent until then",
                 other->attempt->number, other->batch->index + 1,
                 evidence_seconds(after, other->attempt->arrived_ns -
                                             view->outcome.from_ns),
                 view->attempt->number, view->batch->index + 1,
                 evidence_answer(answer, view));
}

/* Who gives the batch up instead waits for nothing, and the contract does not
 * say that the others must. */
static bool is_waited_for(const struct history      *history,
                          const struct attempt_view *view)
{
    return view->next != NULL ||
           (view->obligation.must_retry && !leaving_by_itself(history));
}

static void judge_wait(const struct history      *history,
                       const struct attempt_view *view, struct verdict *verdict)
{
    struct excuse excuse = excuse_of(history, view);
    int64_t open_ns = view->outcome.from_ns + view->obligation.wait.least_ns -
                      history->terms.early_ns;
    int64_t requests = 0;

    if (excuse.until_ns >= open_ns)
        return;
    verdict_saw(verdict, RULE_RA_5);
    for (const struct attempt_view *other = view + 1;
         other < history->items + history->count; other++) {
        int64_t arrived_ns = other->attempt->arrived_ns;

        if (arrived_ns >= open_ns)
            return;
        if (other->batch == NULL || other->batch == view->batch ||
            other->batch->client != view->batch->client ||
            arrived_ns <= view->outcome.to_ns)
            continue;
        requests++;
        if (requests > excuse.requests && arrived_ns > excuse.until_ns) {
            blame(other, view, verdict);
            return;
        }
    }
}

static void judge(const struct history *history, struct verdict *verdict)
{
    if (!PROFILE_IS(history->profile, gate, GATE_ALL) ||
        history->batch_count < 2)
        return;
    for (size_t i = 0; i < history->count; i++) {
        const struct attempt_view *view = &history->items[i];

        if (view->obligation.kind == OBLIGATION_RETRY_AFTER &&
            !view->obligation.must_stop && view->outcome.to_ns != TIME_NEVER &&
            is_waited_for(history, view))
            judge_wait(history, view, verdict);
    }
}

const struct check check_gate = {
    .info =
        {
            .name = "retry-after.gate",
            .rules = RULES(RULE_RA_5),
            .looks_at = "the other batches' attempts while one batch waits for "
                        "its Retry-After",
            .evidence = "the other batch's attempt and how long after the "
                        "answer it came. What was under way is excused: one "
                        "request of each other worker where workers are "
                        "configured, else what comes within a second",
            .killed_by = LIST("gate-per-worker"),
        },
    .judge = judge,
};

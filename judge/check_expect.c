/* SPDX-License-Identifier: Apache-2.0 */
/* What only the scenario knows: how many requests, how many events delivered,
 * and what the client is to report. */

#include "judge/check.h"
#include "judge/ending.h"
#include "judge/leaving.h"
#include "model/foresight.h"

#include <stdio.h>

#define CHECK   "expect"
#define SUBJECT "expect"

/* False: it was found wrong. Nothing left undone is blamed where the client did
 * not end by itself. */
static bool judge_range(const struct history      *history,
                        const struct expect_range *range, size_t found,
                        const char *what, struct verdict *verdict)
{
    bool complete = leaving_by_itself(history) ||
                    history->record->outcome.end == CLIENT_BY_HAND;
    char allowed[32];

    if (!range->said || (found < range->min && !complete) ||
        (found >= range->min && found <= range->max))
        return true;
    if (range->min == range->max)
        snprintf(allowed, sizeof allowed, "%u", range->min);
    else
        snprintf(allowed, sizeof allowed, "%u to %u", range->min, range->max);
    verdict_find_other(verdict, SUBJECT, CHECK, 0,
                       "found %zu %s; expected is %s", found, what, allowed);
    return false;
}

/* Those too that a fault cut off before anybody knew whose they were. Doubtful
 * are those that a busy machine may have ended by the client's own timeout. */
static size_t requests(const struct history *history, size_t *doubtful)
{
    const struct record *record = history->record;
    size_t               count = 0;

    *doubtful = 0;
    for (size_t i = 0; i < record->attempt_count; i++) {
        const struct attempt *attempt = record->attempts[i];

        if (attempt->route != ROUTE_INGEST)
            continue;
        count++;
        *doubtful += outcome_may_have_timed_out(&history->terms, attempt);
    }
    return count;
}

static void judge(const struct history *history, struct verdict *verdict)
{
    struct expect                expect = history->plan->expect;
    const struct client_outcome *outcome = &history->record->outcome;
    size_t                       doubtful;
    size_t                       found;

    if (expect.follows_policy) /* perhaps another one than the plan's own */
        expect = foresee(history->plan, history->profile).expect;
    found = requests(history, &doubtful);
    if (!judge_range(history, &expect.attempts, found,
                     "requests on the ingest route", verdict) &&
        found > expect.attempts.max && found - doubtful <= expect.attempts.max)
        verdict_doubt(verdict);
    if (ending_count(history, EVENT_UNKNOWN) == 0)
        judge_range(history, &expect.delivered,
                    ending_count(history, EVENT_DELIVERED), "events delivered",
                    verdict);
    if (expect.success == EXPECT_UNSAID || !outcome->has_result ||
        !leaving_by_itself(history))
        return;
    if (outcome->success != (expect.success == EXPECT_YES))
        verdict_find_other(verdict, SUBJECT, CHECK, 0,
                           "the client reported %s; expected is %s",
                           outcome->success ? "success" : "failure",
                           outcome->success ? "failure" : "success");
}

const struct check check_expect = {
    .info =
        {
            .name = CHECK,
            .rules = NO_RULES,
            .looks_at = "the scenario's own expectations: requests, events "
                        "delivered, the client's result",
            .evidence = "what was found and what the scenario expects",
            .killed_by = LIST("sent-again-after-success", "drops-410"),
        },
    .judge = judge,
};

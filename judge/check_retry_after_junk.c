/* SPDX-License-Identifier: Apache-2.0 */
/* A Retry-After that says nothing is as if absent, or clamped to what it
 * nearly said: no crash, no hang, no early attempt. */

#include "judge/check.h"
#include "judge/evidence.h"
#include "judge/gap.h"
#include "judge/leaving.h"

#include "common/clock.h"

#define CHECK "retry-after.junk"

/* A wait that is too short and yet a wait is the backoff's fault: the header
 * was taken as absent, as it may be. Without any, the header was taken for
 * no wait at all. Decides only who is blamed. */
#define AT_ONCE_NS (30 * NS_PER_MS)

static void judge_gap(const struct history      *history,
                      const struct attempt_view *view, struct verdict *verdict)
{
    struct gap   gap = gap_of(history, view, &view->obligation.wait);
    enum rule_id rule =
        gap.early && gap.ns > AT_ONCE_NS ? RULE_BACK_1 : RULE_RA_9;
    char text[EVIDENCE_GAP_MAX];

    if (!gap.early && !(gap.late && view->obligation.kind == OBLIGATION_JUNK))
        return;
    verdict_find(
        verdict, rule, CHECK, view->next->attempt->number,
        "%s, as if absent or clamped",
        evidence_gap(text, history, view, &gap, &view->obligation.wait));
    if (gap.doubtful)
        verdict_doubt(verdict);
}

static void judge_crash(const struct history      *history,
                        const struct attempt_view *view,
                        struct verdict            *verdict)
{
    const struct client_outcome *outcome = &history->record->outcome;
    char                         answer[EVIDENCE_MAX];

    if (outcome->end == CLIENT_CRASHED &&
        view == &history->items[history->count - 1])
        verdict_find(verdict, RULE_RA_9, CHECK, view->attempt->number,
                     "the client crashed (signal %d) after attempt %u was "
                     "answered %s",
                     outcome->signal, view->attempt->number,
                     evidence_answer(answer, view));
}

static void judge(const struct history      *history,
                  const struct attempt_view *view, struct verdict *verdict)
{
    if (view->obligation.kind != OBLIGATION_JUNK &&
        view->obligation.kind != OBLIGATION_DATE)
        return;
    if (view->obligation.kind == OBLIGATION_JUNK &&
        leaving_went_on(history, view))
        verdict_saw(verdict, RULE_RA_9);
    judge_gap(history, view, verdict);
    judge_crash(history, view, verdict);
}

const struct check check_retry_after_junk = {
    .info =
        {
            .name = CHECK,
            .rules = RULES(RULE_RA_9, RULE_BACK_1),
            .looks_at =
                "the wait after a Retry-After that is no wait (or a date "
                "that is not honoured), against every reading of it",
            .evidence =
                "the measured wait and the window over all readings; or the "
                "signal, if the client crashed. A wait that is too short, but "
                "not none, breaks the backoff's rule (BACK-1)",
            .killed_by = LIST("retry-after-junk-prefix-parsed"),
        },
    .judge_attempt = judge,
};

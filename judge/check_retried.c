/* SPDX-License-Identifier: Apache-2.0 */
/* What is to be tried again is tried again: no batch is given up while its
 * budget and the contract say that a retry is due. */

#include "judge/check.h"
#include "judge/evidence.h"
#include "judge/leaving.h"
#include "judge/status_rule.h"
#include "judge/unseen.h"

#define CHECK "retries.come"

/* The same kind of failure was tried again before: so the client does retry
 * it, but fewer times than the budget that it was given allows. */
static bool too_few(const struct attempt_view *view)
{
    if (view->obligation.kind == OBLIGATION_RETRY_AFTER)
        return false;
    for (const struct attempt_view *at = view->previous; at != NULL;
         at = at->previous)
        if (at->outcome.kind == view->outcome.kind &&
            at->obligation.kind == view->obligation.kind &&
            at->attempt->fault == view->attempt->fault &&
            at->attempt->status == view->attempt->status)
            return true;
    return false;
}

/* The rule of a budget that was not used up. Who gives up says not which budget
 * is to blame; where the scenario is about a default, that is. */
static enum rule_id budget_rule(const struct history *history)
{
    return history->plan->given.config[CONFIG_MAX_RETRIES] == CONFIG_UNSET ||
                   terms_name_rule(&history->terms, RULE_BUDGET_5)
               ? RULE_BUDGET_5
               : RULE_BUDGET_1;
}

/* A client that pays for Retry-After waits has spent its budget here; a right
 * one has not. */
static bool free_waits_decide(const struct history      *history,
                              const struct attempt_view *view)
{
    return history->terms.retries > 0 && view->obligation.must_retry &&
           view->nth - 1 >= history->terms.retries;
}

/* Who takes its budget for spent says that it failed; who says that all went
 * well has lost the batch otherwise. */
static bool says_success(const struct history *history)
{
    return history->record->outcome.has_result &&
           history->record->outcome.success;
}

static enum rule_id broken_rule(const struct history      *history,
                                const struct attempt_view *view)
{
    const struct retry_after_value *retry_after = &view->obligation.retry_after;
    bool waits = !leaving_by_itself(history); /* past the due time */

    /* A retry may have come, where nobody saw it: so it met a failure, too. */
    if (unseen_between(&history->unseen, view->attempt->arrived_ns, INT64_MAX) >
        0)
        return RULE_NET_1;
    if (view->obligation.kind == OBLIGATION_JUNK &&
        (waits || !retry_after->may_wait))
        return RULE_RA_9;
    if (free_waits_decide(history, view) && !says_success(history))
        return RULE_RA_4;
    if (view->obligation.kind != OBLIGATION_BACKOFF && retry_after->over_cap &&
        !says_success(history))
        return RULE_RA_3;
    if (waits && view->obligation.kind == OBLIGATION_BACKOFF &&
        retry_after->may_wait)
        return RULE_RA_6;
    if (view->outcome.kind != OUTCOME_NETWORK && too_few(view))
        return budget_rule(history);
    if (view->obligation.kind == OBLIGATION_BARE_429)
        return RULE_RA_7;
    return status_rule(view);
}

static void judge_given_up(const struct history      *history,
                           const struct attempt_view *view,
                           struct verdict            *verdict)
{
    enum rule_id rule = broken_rule(history, view);
    char         answer[EVIDENCE_MAX];
    char         most[EVIDENCE_MAX];

    evidence_answer(answer, view);
    verdict_find(verdict, rule, CHECK, view->attempt->number,
                 "no retry came after its answer (%s), %s; one was due within "
                 "%s: %u of %u counted retries were spent",
                 answer,
                 leaving_by_itself(history) ? "and the client exited"
                                            : "though the client lived on",
                 evidence_seconds(most, view->obligation.wait.most_ns +
                                            history->terms.late_ns),
                 view->obligation.retry_last - 1, history->terms.retries);
    /* A reset and a close look alike to some clients, now and then: that one
     * was retried before is no proof that this kind is. */
    if (view->outcome.kind == OUTCOME_NETWORK && too_few(view))
        verdict_find(
            verdict, budget_rule(history), CHECK, view->attempt->number,
            "%u of %u counted retries were spent when it was given "
            "up (%s)",
            view->obligation.retry_last - 1, history->terms.retries, answer);
    if (status_body_matters(history, view))
        verdict_find(verdict, RULE_STATUS_7, CHECK, view->attempt->number,
                     "no retry came after its answer (%s), whatever the body",
                     answer);
}

static void judge_one(const struct history      *history,
                      const struct attempt_view *view, struct verdict *verdict)
{
    bool went_on = leaving_went_on(history, view);
    bool watched = view->next != NULL ||
                   (view->obligation.must_retry && went_on && !history->blind);

    if (leaving_gave_up(history, view))
        judge_given_up(history, view, verdict);
    if (!watched)
        return;
    verdict_saw(verdict, status_rule(view));
    if (status_body_matters(history, view))
        verdict_saw(verdict, RULE_STATUS_7);
    if (free_waits_decide(history, view))
        verdict_saw(verdict, RULE_RA_4);
    if (view->obligation.kind == OBLIGATION_BARE_429)
        verdict_saw(verdict, RULE_RA_7);
}

static void judge(const struct history      *history,
                  const struct attempt_view *view, struct verdict *verdict)
{
    if (view->outcome.kind == OUTCOME_RETRIED ||
        view->outcome.kind == OUTCOME_NETWORK)
        judge_one(history, view, verdict);
}

const struct check check_retried = {
    .info =
        {
            .name = CHECK,
            .rules = RULES(RULE_STATUS_2, RULE_STATUS_4, RULE_STATUS_6,
                           RULE_STATUS_7, RULE_NET_1, RULE_RA_3, RULE_RA_4,
                           RULE_RA_6, RULE_RA_7, RULE_RA_9, RULE_BUDGET_1,
                           RULE_BUDGET_5),
            .looks_at = "each batch's last attempt: whether a retry was still "
                        "due, and the client left or lived on without it",
            .evidence =
                "the answer, the latest due time, and how many counted retries "
                "of the budget were spent. It is RA-4 where a batch is given "
                "up although Retry-After waits cost nothing. It is BUDGET-1, "
                "or BUDGET-5 where the budget was the default, if the client "
                "had retried this cause before",
            .killed_by = LIST(
                "drops-408", "drops-410", "drops-460", "drops-502",
                "drops-511-with-oauth", "error-body-parsed", "bare-429-dropped",
                "retry-after-counted", "retry-after-uncapped",
                "retry-after-junk-prefix-parsed", "drops-on-reset",
                "drops-on-empty-reply", "drops-on-timeout", "drops-on-garbled",
                "cut-answer-is-delivered", "empty-reply-is-delivered",
                "default-retries-10", "default-retries-999",
                "default-backoff-an-hour"),
        },
    .judge_attempt = judge,
};

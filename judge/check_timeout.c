/* SPDX-License-Identifier: Apache-2.0 */
/* A request that has no whole answer is given up after the client's request
 * timeout: closed then, and not merely left beside its own retry. */

#include "judge/check.h"
#include "judge/evidence.h"
#include "judge/gap.h"

#include <stdio.h>

#define CHECK "network.timeout"

/* Its timeout began no later. */
static int64_t began_ns(const struct attempt *attempt)
{
    return attempt->body_ns != TIME_NEVER ? attempt->body_ns
                                          : attempt->arrived_ns;
}

/* Until when the client held on to it, as far as we saw. */
static int64_t held_until_ns(const struct history *history,
                             const struct attempt *attempt)
{
    const struct client_outcome *outcome = &history->record->outcome;

    if (attempt->gone_ns != TIME_NEVER)
        return attempt->gone_ns;
    if (attempt->end == ANSWER_COMPLETE)
        return attempt->answered_ns;
    return outcome->end == CLIENT_TIMED_OUT ? outcome->ended_ns : TIME_NEVER;
}

/* A part of the answer was enough: a client may go on without what is left,
 * and leave the connection to whoever collects it. */
static bool part_may_do(const struct history *history,
                        const struct attempt *attempt)
{
    if (attempt->fault == FAULT_NONE) /* it comes whole, or is on its way */
        return attempt->status != 0 && attempt->end != ANSWER_COMPLETE;
    if (fault_sees(attempt->fault) == SEES_EITHER)
        return true;
    return fault_family(attempt->fault) == FAMILY_BODY &&
           profile_status(history->profile, attempt->status,
                          history->terms.oauth) != STATUS_DELIVERED;
}

/* Nothing came after it, and the client had to be ended. */
static bool stuck_in(const struct history *history,
                     const struct attempt *attempt)
{
    const struct record *record = history->record;

    return record->outcome.end == CLIENT_TIMED_OUT &&
           attempt->number == record->attempt_count;
}

/* wait_ns: of what was held, so much may have gone by before the request. */
static void judge_held(const struct history *history, int64_t held_ns,
                       int64_t wait_ns, unsigned attempt, const char *what,
                       struct verdict *verdict)
{
    int64_t       allowed_ns = history->terms.timeout_ns + wait_ns;
    enum lateness lateness = gap_lateness(history, held_ns, allowed_ns);
    char          held[EVIDENCE_MAX];
    char          allowed[EVIDENCE_MAX];

    verdict_saw(verdict, RULE_NET_2);
    if (lateness == LATENESS_NONE)
        return;
    verdict_find(verdict, RULE_NET_2, CHECK, attempt,
                 "%s was held for %s without a whole answer; allowed is the "
                 "request timeout%s, %s",
                 what, evidence_seconds(held, held_ns),
                 wait_ns > 0 ? " after the wait for its retry" : "",
                 evidence_seconds(allowed, allowed_ns));
    if (lateness == LATENESS_DOUBTFUL)
        verdict_doubt(verdict);
}

/* An answer in time says nothing of the timeout; so does an end that was told,
 * and who went long before it. */
static bool says_something(const struct terms   *terms,
                           const struct attempt *attempt, int64_t held_ns)
{
    if (fault_sees(attempt->fault) == SEES_TROUBLE)
        return false;
    return fault_sees(attempt->fault) == SEES_SILENCE ||
           held_ns > terms->timeout_ns / 4 * 3;
}

static void judge_attempt(const struct history *history,
                          const struct attempt *attempt,
                          struct verdict       *verdict)
{
    int64_t until_ns = held_until_ns(history, attempt);
    int64_t held_ns = until_ns - began_ns(attempt);
    char    what[EVIDENCE_MAX];

    if (attempt->route != ROUTE_INGEST || until_ns == TIME_NEVER ||
        !says_something(&history->terms, attempt, held_ns) ||
        (part_may_do(history, attempt) && !stuck_in(history, attempt)))
        return;
    snprintf(what, sizeof what, "attempt %u", attempt->number);
    judge_held(history, held_ns, 0, attempt->number, what, verdict);
}

static bool is_silent_strike(const struct remark *strike)
{
    return fault_is_of_connection(strike->fault) &&
           fault_family(strike->fault) != FAMILY_PORT &&
           fault_sees(strike->fault) == SEES_SILENCE;
}

/* How many connections began from one time to another, both left out. */
static unsigned connections_between(const struct record *record,
                                    int64_t from_ns, int64_t to_ns)
{
    unsigned count = 0;

    for (size_t i = 0; i < record->attempt_count; i++)
        count += record->attempts[i]->accepted_ns > from_ns &&
                 record->attempts[i]->accepted_ns < to_ns;
    for (size_t i = 0; i < record->remark_count; i++)
        count += is_silent_strike(&record->remarks[i]) &&
                 record->remarks[i].at_ns > from_ns &&
                 record->remarks[i].at_ns < to_ns;
    return count;
}

/* A connection on which there was silence before there was a request. Nobody
 * saw when one was to go out on it. One that is being made for a request that
 * was given up is still good for the next, so that whoever made another one
 * meanwhile has given up in time or not, but not here. And a pool makes one as
 * soon as the one before is lost, and waits for its retry then: for all but the
 * first that wait is allowed, too. After its result a client has no request. */
static void judge_strike(const struct history *history,
                         const struct remark *strike, struct verdict *verdict)
{
    const struct record *record = history->record;
    int64_t              result_ns = record->outcome.result_ns;
    int64_t              held_ns = strike->until_ns - strike->at_ns;
    int64_t              wait_ns = 0;
    unsigned             earlier;
    char                 what[EVIDENCE_MAX];

    if (!is_silent_strike(strike) || held_ns <= 0)
        return;
    verdict_saw(verdict, RULE_NET_2);
    if (connections_between(record, strike->at_ns, strike->until_ns) > 0)
        return;
    if (result_ns != TIME_NEVER && result_ns < strike->until_ns)
        held_ns = result_ns - strike->at_ns;
    earlier = connections_between(record, TIME_NEVER, strike->at_ns);
    if (earlier > 0)
        wait_ns = terms_own_backoff(&history->terms, earlier, earlier).most_ns;
    snprintf(what, sizeof what, "connection %u", strike->connection);
    judge_held(history, held_ns, wait_ns, 0, what, verdict);
}

/* After a shorter wait nobody can tell who closes first from who closes
 * late. */
#define WAIT_TELLS_NS (100 * NS_PER_MS)

/* Who retries has given up: so what it gave up should be closed. Before its
 * timeout it has not given up, and what it does is BACK-1's matter. Who closes
 * and then waits is seen to do so in that order, unless the machine stood
 * still for the whole wait. */
static void judge_retry(const struct history      *history,
                        const struct attempt_view *view,
                        struct verdict            *verdict)
{
    const struct terms   *terms = &history->terms;
    const struct attempt *attempt = view->attempt;
    int64_t               retried_ns = view->next->attempt->arrived_ns;
    int64_t               over_ns = began_ns(attempt) + terms->timeout_ns;
    char                  late[EVIDENCE_MAX];

    if (attempt->gone_ns == TIME_NEVER ||
        attempt->gone_ns <= retried_ns + terms->early_ns ||
        retried_ns + terms->early_ns < over_ns ||
        view->obligation.wait.least_ns < WAIT_TELLS_NS ||
        part_may_do(history, attempt) ||
        gap_lateness(history, attempt->gone_ns - began_ns(attempt),
                     terms->timeout_ns) == LATENESS_CERTAIN)
        return; /* the last: judge_attempt has said it */
    verdict_find(verdict, RULE_NET_2, CHECK, attempt->number,
                 "attempt %u was still open when its own retry came (attempt "
                 "%u), %s after its request timeout was over; allowed is to "
                 "give it up then",
                 attempt->number, view->next->attempt->number,
                 evidence_seconds(late, retried_ns - over_ns));
    if (terms->noise_ns >= retried_ns - over_ns)
        verdict_doubt(verdict);
}

static void judge(const struct history *history, struct verdict *verdict)
{
    const struct record *record = history->record;

    if (history->terms.timeout_ns == TIME_NEVER)
        return;
    for (size_t i = 0; i < record->attempt_count; i++)
        judge_attempt(history, record->attempts[i], verdict);
    for (size_t i = 0; i < record->remark_count; i++)
        judge_strike(history, &record->remarks[i], verdict);
    for (size_t i = 0; i < history->count; i++)
        if (history->items[i].next != NULL)
            judge_retry(history, &history->items[i], verdict);
}

const struct check check_timeout = {
    .info =
        {
            .name = CHECK,
            .rules = RULES(RULE_NET_2),
            .looks_at = "how long the client holds on to a request that has no "
                        "whole answer, against the timeout it was given, and "
                        "whether it is closed when its retry comes",
            .evidence =
                "how long the request was held (or a connection that stayed "
                "silent before any request), and the timeout; or the retry "
                "that came while the request was still open. Every silence "
                "counts: no head, half a head, half a body, an answer that "
                "comes byte by byte or too late. Where a part of the answer "
                "may do (a 503 whose body never ends), only a client that "
                "never got out of it is blamed",
            .killed_by =
                LIST("request-timeout-ignored", "timeout-until-first-line",
                     "timeout-until-body", "timeout-anew-with-each-byte",
                     "abandoned-request-kept-open"),
        },
    .judge = judge,
};

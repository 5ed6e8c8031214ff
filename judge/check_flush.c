/* SPDX-License-Identifier: Apache-2.0 */
/* flush returns when every event is delivered or dropped, not before. The
 * client reports when its flush has returned, so no request may follow its
 * result. (That a flush which never returns is wrong too is the contract's
 * matter: such a client outlives its limit, check_contract.c. That its bound
 * is documented no record can show.) */

#include "judge/check.h"
#include "judge/evidence.h"

#include "common/clock.h"

#define CHECK "delivery.flush"

/* A result waits in its pipe, and a request in its socket, until the loop
 * comes round to them, and on a busy machine not in the order in which they
 * left the client. No backoff of a published law is as short. */
#define READ_LATE_NS (200 * NS_PER_MS)

/* Who hung up was not waiting for this one any more: it may have been sent,
 * and given up, long before it was read. */
static bool is_waited_for(const struct attempt *attempt)
{
    return attempt->end != ANSWER_GONE && attempt->gone_ns == TIME_NEVER;
}

/* An early return would show: some attempt came later than one grain. */
static bool had_to_wait(const struct history *history)
{
    int64_t first_ns = history->items[0].attempt->arrived_ns;

    for (size_t i = 1; i < history->count; i++)
        if (history->items[i].attempt->arrived_ns > first_ns + READ_LATE_NS)
            return true;
    return false;
}

static void judge(const struct history *history, struct verdict *verdict)
{
    int64_t result_ns = history->record->outcome.result_ns;
    char    after[EVIDENCE_MAX];

    if (result_ns == TIME_NEVER || history->count == 0 || !had_to_wait(history))
        return;
    verdict_saw(verdict, RULE_DELIVER_6);
    for (size_t i = 0; i < history->count; i++) {
        const struct attempt *attempt = history->items[i].attempt;

        if (attempt->arrived_ns <= result_ns + READ_LATE_NS ||
            !is_waited_for(attempt))
            continue;
        verdict_find(verdict, RULE_DELIVER_6, CHECK, attempt->number,
                     "attempt %u came %s after the client had reported that "
                     "it was done",
                     attempt->number,
                     evidence_seconds(after, attempt->arrived_ns - result_ns));
        return;
    }
}

const struct check check_flush = {
    .info =
        {
            .name = CHECK,
            .rules = RULES(RULE_DELIVER_6),
            .looks_at =
                "requests that come after the client's own result, which "
                "says that all was delivered or dropped",
            .evidence = "the first such attempt, and how long after the result "
                        "it came. 0.2 s are allowed for what waits in pipes "
                        "and sockets. A client whose flush never returns "
                        "outlives its limit: contract",
            .killed_by = LIST("flush-returns-early"),
        },
    .judge = judge,
};

/* SPDX-License-Identifier: Apache-2.0 */
/* A connection that fails before a request was read on it is a network failure
 * as any other: the client comes again. */

#include "judge/check.h"
#include "judge/evidence.h"
#include "judge/leaving.h"
#include "judge/unseen.h"

#define CHECK "network.connection"

static bool has_never_sent(const struct history *history)
{
    for (unsigned number = 1; number <= history->plan->given.events; number++)
        if (history->ends[number] == EVENT_NEVER_SENT)
            return true;
    return false;
}

static void judge_one(const struct history *history, int64_t at_ns,
                      unsigned connection, enum fault fault,
                      struct verdict *verdict)
{
    bool again = connections_came(&history->connections, at_ns, connection);

    if (!again && !leaving_by_itself(history))
        return;
    if (again)
        verdict_saw(verdict, RULE_NET_1);
    if (again || !has_never_sent(history) || history->terms.retries == 0 ||
        unseen_refused(history->record, &history->terms))
        return;
    verdict_saw(verdict, RULE_NET_1);
    verdict_find(verdict, RULE_NET_1, CHECK, 0,
                 "connection %u failed (%s) before a request was read on it, "
                 "and the client exited without another; a retry was due",
                 connection, fault_name(fault));
}

/* It struck once the connection was made, and before any request. */
static bool is_of_connection(enum fault fault)
{
    return fault_is_of_connection(fault) && fault_family(fault) != FAMILY_PORT;
}

static void judge(const struct history *history, struct verdict *verdict)
{
    const struct record *record = history->record;

    for (size_t i = 0; i < record->remark_count; i++)
        if (is_of_connection(record->remarks[i].fault))
            judge_one(history, record->remarks[i].at_ns,
                      record->remarks[i].connection, record->remarks[i].fault,
                      verdict);
    for (size_t i = 0; i < record->attempt_count; i++)
        if (unseen_is(record->attempts[i]) && record->attempts[i]->status == 0)
            judge_one(history, record->attempts[i]->arrived_ns,
                      record->attempts[i]->connection,
                      record->attempts[i]->fault, verdict);
}

const struct check check_connection = {
    .info =
        {
            .name = CHECK,
            .rules = RULES(RULE_NET_1),
            .looks_at = "whether anything comes after a connection that failed "
                        "before a request was read on it",
            .evidence = "the connection's number and the fault. Nobody knows "
                        "which batch it was for, so only a client that never "
                        "came again, with events that it never sent, is blamed",
            .killed_by = LIST("drops-on-reset", "drops-on-tls-failure"),
        },
    .judge = judge,
};

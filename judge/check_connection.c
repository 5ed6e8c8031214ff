/* A connection that fails before a request was read on it is a network failure
 * as any other: the client comes again. */

#include "judge/check.h"
#include "judge/evidence.h"
#include "judge/unseen.h"

#define CHECK "network.connection"

/* What came last, and what came last on another connection than that. */
struct last {
    int64_t  at_ns;
    unsigned connection;
};

static void note_last(struct last last[2], int64_t at_ns, unsigned connection)
{
    struct last now = {at_ns, connection};

    if (now.at_ns > last[0].at_ns) {
        if (now.connection != last[0].connection)
            last[1] = last[0];
        last[0] = now;
    } else if (now.connection != last[0].connection &&
               now.at_ns > last[1].at_ns) {
        last[1] = now;
    }
}

static void find_last(const struct record *record, struct last last[2])
{
    for (size_t i = 0; i < record->attempt_count; i++)
        note_last(last, record->attempts[i]->arrived_ns,
                  record->attempts[i]->connection);
    for (size_t i = 0; i < record->remark_count; i++)
        note_last(last, record->remarks[i].at_ns,
                  record->remarks[i].connection);
}

/* Something came on another connection, or tried to, after that. */
static bool came_again(const struct last last[2], int64_t after_ns,
                       unsigned connection)
{
    return (last[0].connection != connection && last[0].at_ns > after_ns) ||
           (last[1].connection != connection && last[1].at_ns > after_ns);
}

static bool has_never_sent(const struct history *history)
{
    for (unsigned number = 1; number <= history->plan->given.events; number++)
        if (history->ends[number] == EVENT_NEVER_SENT)
            return true;
    return false;
}

static void judge_one(const struct history *history,
                      const struct last last[2], int64_t at_ns,
                      unsigned connection, enum fault fault,
                      struct verdict *verdict)
{
    bool again = came_again(last, at_ns, connection);

    if (!again && !history_left_by_itself(history))
        return;
    if (again)
        verdict_saw(verdict, "NET-1");
    if (again || !has_never_sent(history) || history->terms.retries == 0)
        return;
    verdict_saw(verdict, "NET-1");
    verdict_find(verdict, "NET-1", CHECK, 0,
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
    struct last          last[2] = {{-1, 0}, {-1, 0}};

    find_last(record, last);
    for (size_t i = 0; i < record->remark_count; i++)
        if (is_of_connection(record->remarks[i].fault))
            judge_one(history, last, record->remarks[i].at_ns,
                      record->remarks[i].connection, record->remarks[i].fault,
                      verdict);
    for (size_t i = 0; i < record->attempt_count; i++)
        if (unseen_is(record->attempts[i]) && record->attempts[i]->status == 0)
            judge_one(history, last, record->attempts[i]->arrived_ns,
                      record->attempts[i]->connection,
                      record->attempts[i]->fault, verdict);
}

const struct check check_connection = {
    .info = {
        .name = CHECK,
        .rules = LIST("NET-1"),
        .looks_at = "whether anything comes after a connection that failed "
                    "before a request was read on it",
        .killed_by = LIST("drops-on-reset", "drops-on-tls-failure"),
    },
    .judge = judge,
};

/* SPDX-License-Identifier: Apache-2.0 */
/* A full queue is reported. Which events found no room is the client's to
 * choose, and also whether it lets its caller wait instead. */

#include "judge/check.h"
#include "judge/ending.h"
#include "judge/evidence.h"
#include "judge/leaving.h"

#define CHECK "delivery.queue"

static void judge(const struct history *history, struct verdict *verdict)
{
    const struct given          *given = &history->plan->given;
    const struct client_outcome *outcome = &history->record->outcome;
    int64_t                      room = given->config[CONFIG_MAX_QUEUE_SIZE];
    char                         events[EVIDENCE_MAX];

    if (room == CONFIG_UNSET || room >= (int64_t)given->events ||
        given->wrong_count > 0 || !leaving_by_itself(history) ||
        !outcome->has_result)
        return;
    verdict_saw(verdict, RULE_DELIVER_7);
    if (ending_count(history, EVENT_REFUSED) == 0)
        return;
    evidence_events(events, history, EVENT_REFUSED);
    if (outcome->success)
        verdict_find(verdict, RULE_DELIVER_7, CHECK, 0,
                     "the client reported success, but of what its queue of "
                     "%lld could not take, this was never sent: %s",
                     (long long)room, events);
    else if (outcome->error == NULL || outcome->error[0] == '\0')
        verdict_find(verdict, RULE_DELIVER_7, CHECK, 0,
                     "the client reported failure without an error text; "
                     "never sent: %s",
                     events);
}

const struct check check_queue = {
    .info =
        {
            .name = CHECK,
            .rules = RULES(RULE_DELIVER_7),
            .looks_at = "the client's own result, where there were more events "
                        "than its queue takes",
            .evidence = "the size of the queue, and the events that were never "
                        "sent. The client chooses which events it drops, or "
                        "whether its caller waits instead",
            .killed_by = LIST("full-queue-silent"),
        },
    .judge = judge,
};

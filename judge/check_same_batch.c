/* SPDX-License-Identifier: Apache-2.0 */
/* All attempts of a batch carry the same events, in the same order, with the
 * same messageIds. */

#include "judge/check.h"
#include "judge/evidence.h"

#include <stdio.h>
#include <string.h>

static bool same_id(const char *left, const char *right)
{
    if (left == NULL || right == NULL)
        return left == right;
    return strcmp(left, right) == 0;
}

static const char *shown(char buffer[EVIDENCE_MAX], const char *message_id)
{
    return message_id ? evidence_value(buffer, message_id) : "none";
}

/* What differs, in words; false = nothing. */
static bool differs(const struct events *first, const struct events *other,
                    char text[EVIDENCE_GAP_MAX])
{
    char left[EVIDENCE_MAX];
    char right[EVIDENCE_MAX];

    if (first->count != other->count) {
        snprintf(text, EVIDENCE_GAP_MAX, "%zu events instead of %zu",
                 other->count, first->count);
        return true;
    }
    for (size_t i = 0; i < first->count; i++) {
        const struct event_view *was = &first->items[i];
        const struct event_view *is = &other->items[i];

        if (was->number != is->number)
            snprintf(text, EVIDENCE_GAP_MAX,
                     "event %u in place %zu instead of event %u", is->number,
                     i + 1, was->number);
        else if (!same_id(was->message_id, is->message_id))
            snprintf(text, EVIDENCE_GAP_MAX,
                     "messageId %s on event %u instead of %s",
                     shown(left, is->message_id), is->number,
                     shown(right, was->message_id));
        else
            continue;
        return true;
    }
    return false;
}

static void judge(const struct history *history, struct verdict *verdict)
{
    for (size_t i = 0; i < history->count; i++) {
        const struct attempt_view *view = &history->items[i];
        char                       text[EVIDENCE_GAP_MAX];

        if (view->batch == NULL || view->nth == 1)
            continue;
        verdict_saw(verdict, RULE_DELIVER_3);
        if (differs(&view->batch->first->events, &view->events, text))
            verdict_find(verdict, RULE_DELIVER_3, "delivery.same-batch",
                         view->attempt->number,
                         "attempt %u carried %s, as attempt %u of the same "
                         "batch had it",
                         view->attempt->number, text,
                         view->batch->first->attempt->number);
    }
}

const struct check check_same_batch = {
    .info =
        {
            .name = "delivery.same-batch",
            .rules = RULES(RULE_DELIVER_3),
            .looks_at = "the events of each retry, their order and messageIds, "
                        "against the batch's first attempt",
            .evidence = "the first difference: the count, an event in another "
                        "place, another messageId",
            .killed_by =
                LIST("batch-changed-between-attempts", "partial-batch-on-retry",
                     "new-message-ids-on-retry"),
        },
    .judge = judge,
};

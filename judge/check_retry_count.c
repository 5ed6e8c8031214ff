/* SPDX-License-Identifier: Apache-2.0 */
/* The attempt header: on a batch's first attempt as the profile has it, and n
 * on its n-th retry. */

#include "judge/batches.h"
#include "judge/check.h"
#include "judge/count.h"
#include "judge/evidence.h"
#include "judge/unseen.h"

#include <stdio.h>

#define CHECK "retry-count"

static bool is_absent(const struct history      *history,
                      const struct attempt_view *view)
{
    return header_count(&view->attempt->headers,
                        history->profile->attempt_header) == 0;
}

/* For evidence: "no X-Attempt", "X-Attempt: "2"". */
static const char *shown(char                       buffer[EVIDENCE_MAX],
                         const struct history      *history,
                         const struct attempt_view *view)
{
    const char *field = history->profile->attempt_header;
    const char *value = header_get(&view->attempt->headers, field, 0);
    size_t      fields = header_count(&view->attempt->headers, field);
    char        quoted[EVIDENCE_MAX];

    if (value == NULL)
        snprintf(buffer, EVIDENCE_MAX, "no %.40s", field);
    else
        snprintf(buffer, EVIDENCE_MAX, "%.40s: %.80s%s", field,
                 evidence_value(quoted, value),
                 fields > 1 ? " and another" : "");
    return buffer;
}

/* What the first attempt is to say. */
static bool is_first(const struct history      *history,
                     const struct attempt_view *view)
{
    bool absent = is_absent(history, view);

    if (history->profile->attempt_first == ATTEMPT_FIRST_ABSENT)
        return absent;
    return !absent && count_said(history, view) == 0;
}

static const char *first_words(const struct profile *profile)
{
    switch (profile->attempt_first) {
    case ATTEMPT_FIRST_ABSENT:
        break;
    case ATTEMPT_FIRST_ZERO:
        return "0";
    case ATTEMPT_FIRST_ONE:
        return "1";
    }
    return "none";
}

static void judge_first(const struct history      *history,
                        const struct attempt_view *view,
                        struct verdict            *verdict)
{
    int64_t said = count_said(history, view);
    bool    carried_over =
        said > 0 && batches_others_retried(history, view->batch, true);
    char buffer[EVIDENCE_MAX];

    verdict_saw(verdict, RULE_COUNT_1);
    if (is_first(history, view) || count_is_of_the_dead(history, view) ||
        (said > 0 && said <= (int64_t)count_unseen(history, view)))
        return;
    verdict_find(verdict, carried_over ? RULE_COUNT_4 : RULE_COUNT_1, CHECK,
                 view->attempt->number,
                 "the first attempt of batch %zu carried %s; allowed is %s",
                 view->batch->index + 1, shown(buffer, history, view),
                 first_words(history->profile));
}

/* What a batch has said so far. */
struct counting {
    int64_t most_said;
    unsigned
        since_retry_after; /* retries since the last wait that was asked for, */
    unsigned since_wait; /* ... or that may have been understood to be */
};

static void count_retry(struct counting *counting, enum obligation_kind after)
{
    counting->since_retry_after++;
    counting->since_wait++;
    if (after == OBLIGATION_RETRY_AFTER)
        counting->since_retry_after = counting->since_wait = 0;
    if (after == OBLIGATION_DATE || after == OBLIGATION_ZERO ||
        after == OBLIGATION_JUNK)
        counting->since_wait = 0;
}

/* A request that could not even be read as one is no attempt here, but the
 * client may have counted it. */
static bool may_have_missed_some(const struct history      *history,
                                 const struct attempt_view *view)
{
    const struct record *record = history->record;

    for (size_t i = 0; i < record->remark_count; i++)
        if (record->remarks[i].at_ns >=
                view->batch->first->attempt->arrived_ns &&
            record->remarks[i].at_ns <= view->attempt->arrived_ns)
            return true;
    return false;
}

static bool is_right(const struct history      *history,
                     const struct attempt_view *view,
                     const struct counting *counting, int64_t said)
{
    int64_t expected = (int64_t)view->nth - 1;

    if (said == expected && !is_absent(history, view))
        return true;
    if (said > expected && may_have_missed_some(history, view))
        return true;
    if (said > expected &&
        (said <= expected + (int64_t)count_unseen(history, view) ||
         count_is_of_the_dead(history, view)))
        return true;
    return history->profile->retry_count_after_requeue ==
               RETRY_COUNT_AFTER_REQUEUE_RESTART &&
           said >= (int64_t)counting->since_wait &&
           said <= (int64_t)counting->since_retry_after;
}

static enum rule_id broken_rule(const struct history      *history,
                                const struct attempt_view *view,
                                const struct counting *counting, int64_t said)
{
    int64_t expected = (int64_t)view->nth - 1;

    if (said == COUNT_NONE)
        return RULE_COUNT_2;
    if (said > expected)
        return batches_others_retried(history, view->batch, true)
                   ? RULE_COUNT_4
                   : RULE_COUNT_2;
    if (counting->most_said >= 1 && said <= counting->most_said)
        return RULE_COUNT_3; /* it had counted, and does not go on */
    if (said == (int64_t)counting->since_wait)
        return RULE_COUNT_3; /* it began again after the wait */
    return RULE_COUNT_2;
}

static void judge_retry(const struct history      *history,
                        const struct attempt_view *view,
                        const struct counting     *counting,
                        struct verdict            *verdict)
{
    int64_t said = count_said(history, view);
    char    buffer[EVIDENCE_MAX];

    verdict_saw(verdict, RULE_COUNT_2);
    if (view->nth > 2 || view->previous->obligation.kind != OBLIGATION_BACKOFF)
        verdict_saw(verdict, RULE_COUNT_3);
    if (is_right(history, view, counting, said))
        return;
    verdict_find(verdict, broken_rule(history, view, counting, said), CHECK,
                 view->attempt->number,
                 "retry %u of batch %zu carried %s; allowed is %s: %d",
                 view->nth - 1, view->batch->index + 1,
                 shown(buffer, history, view), history->profile->attempt_header,
                 (int)count_in_words(history->profile, view->nth - 1));
}

static void judge_batch(const struct history    *history,
                        const struct batch_view *batch, struct verdict *verdict)
{
    struct counting counting = {0};

    judge_first(history, batch->first, verdict);
    if (batch->later &&
        (batch->attempts > 1 || batches_others_retried(history, batch, false)))
        verdict_saw(verdict, RULE_COUNT_4);
    counting.most_said = count_said(history, batch->first);
    for (const struct attempt_view *view = batch->first->next; view != NULL;
         view = view->next) {
        int64_t said = count_said(history, view);

        count_retry(&counting, view->previous->obligation.kind);
        judge_retry(history, view, &counting, verdict);
        if (said > counting.most_said)
            counting.most_said = said;
    }
}

static void judge(const struct history *history, struct verdict *verdict)
{
    for (size_t i = 0; i < history->batch_count &&
                       !PROFILE_OPEN(history->profile, attempt_header);
         i++)
        judge_batch(history, &history->batches[i], verdict);
}

const struct check check_retry_count = {
    .info =
        {
            .name = CHECK,
            .rules =
                RULES(RULE_COUNT_1, RULE_COUNT_2, RULE_COUNT_3, RULE_COUNT_4),
            .looks_at =
                "the attempt header of each attempt, against its place among "
                "the attempts of its batch",
            .evidence = "the field as it was sent and the right count; after a "
                        "wait, whether it began again (COUNT-3); in a later "
                        "batch, whether it went on (COUNT-4)",
            .killed_by = LIST("no-count-header", "count-on-first",
                              "count-restarts-after-retry-after",
                              "count-carries-over-to-next-batch",
                              "network-errors-uncounted"),
        },
    .judge = judge,
};

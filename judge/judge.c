/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/judge.h"

#include "judge/batches.h"
#include "judge/busy.h"
#include "judge/check.h"
#include "judge/count.h"
#include "judge/ending.h"
#include "judge/follow.h"
#include "judge/leaving.h"
#include "judge/tokens.h"
#include "model/open_rules.h"

#include <assert.h>

/* Each part asks what those above it found. */
static void make(struct history *history, const struct plan *plan,
                 const struct profile *profile, const struct record *record)
{
    history_init(history, plan, profile, record);
    batches_sort(history);
    count_claims(history);
    follow_batches(history);
    history->busy = busy_new(history);
    leaving_find(history);
    ending_find(history);
    history->tokens = tokens_new(history);
}

static void run(const struct check *check, const struct history *history,
                struct verdict *verdict)
{
    assert((check->judge == NULL) != (check->judge_attempt == NULL));
    if (check->judge != NULL)
        check->judge(history, verdict);
    for (size_t i = 0; check->judge_attempt != NULL && i < history->count; i++)
        check->judge_attempt(history, &history->items[i], verdict);
}

void judge_record(const struct plan *plan, const struct profile *profile,
                  const struct record *record, struct verdict *verdict)
{
    struct history history;

    assert(verdict->statistic_count == 0); /* nobody has judged it yet */
    make(&history, plan, profile, record);
    if (record->outcome.end != CLIENT_NOT_STARTED)
        for (size_t i = 0; i < check_count; i++)
            run(check_table[i], &history, verdict);
    for (int i = 0; i < RULE_COUNT; i++)
        if (profile_leaves_open(profile, (enum rule_id)i))
            verdict_leave_open(verdict, (enum rule_id)i);
    assert((history.leaving == LEFT_DONE) == (history.awaited == NULL));
    if (history.leaving == LEFT_AT_ITS_BOUND)
        verdict_cut(verdict, VERDICT_NOT_EXERCISED,
                    "the client's own command waits for %g s, and left while "
                    "the retry of attempt %u was due",
                    profile->waits_s, history.awaited->attempt->number);
    tokens_free(history.tokens);
    busy_free(history.busy);
    history_clear(&history);
}

const struct check_info *judge_check(size_t index)
{
    return index < check_count ? &check_table[index]->info : NULL;
}

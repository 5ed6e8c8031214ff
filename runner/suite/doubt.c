/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/suite/doubt.h"

#include "common/alloc.h"

#include <assert.h>
#include <string.h>

/* By what was found, and where. */
struct doubt {
    char    *subject;
    unsigned attempt;
};

bool doubt_is(const struct trial_result *trial)
{
    const struct verdict *verdict = trial->verdict;

    for (size_t i = 0; i < verdict->finding_count; i++)
        if (verdict->kind == VERDICT_INCONCLUSIVE &&
            verdict->findings[i].kind == FINDING_NOISE)
            return true;
    return false;
}

void doubts_take(struct doubts *doubts, const struct trial_result *trial)
{
    const struct verdict *verdict = trial->verdict;

    doubts->items =
        alloc_zero(verdict->finding_count + 1, sizeof doubts->items[0]);
    doubts->count = 0;
    for (size_t i = 0; i < verdict->finding_count; i++)
        if (verdict->findings[i].kind == FINDING_NOISE)
            doubts->items[doubts->count++] = (struct doubt){
                .subject = alloc_text(verdict->findings[i].subject),
                .attempt = verdict->findings[i].attempt,
            };
}

void doubts_clear(struct doubts *doubts)
{
    for (size_t i = 0; i < doubts->count; i++)
        alloc_free(doubts->items[i].subject);
    alloc_free(doubts->items);
    *doubts = (struct doubts){0};
}

static bool was_there(const struct finding *finding, const void *context)
{
    const struct doubts *before = context;

    for (size_t i = 0; i < before->count; i++)
        if (before->items[i].attempt == finding->attempt &&
            strcmp(before->items[i].subject, finding->subject) == 0)
            return true;
    return false;
}

void doubts_dispel(const struct doubts *before, struct trial_result *trial)
{
    assert(trial->verdict != NULL);
    if (doubt_is(trial))
        verdict_keep_doubts(trial->verdict, trial->plan, was_there, before);
}

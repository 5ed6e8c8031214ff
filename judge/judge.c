#include "judge/judge.h"

#include "judge/check.h"

void judge_record(const struct plan *plan, const struct profile *profile,
                  const struct record *record, struct verdict *verdict)
{
    struct history history;

    history_init(&history, plan, profile, record);
    if (record->outcome.end != CLIENT_NOT_STARTED)
        for (size_t i = 0; i < check_count; i++)
            check_table[i]->judge(&history, verdict);
    if (history.leaving == LEFT_AT_ITS_BOUND)
        verdict_cut(verdict, VERDICT_NOT_EXERCISED,
                    "the client's own command waits for %g s, and left while "
                    "the retry of attempt %u was due",
                    profile->waits_s, history.awaited->attempt->number);
    history_clear(&history);
}

const struct check_info *judge_check(size_t index)
{
    return index < check_count ? &check_table[index]->info : NULL;
}

/* Until a Retry-After wait is over the pipeline is blocked: no other batch of
 * this client is sent. */

#include "judge/check.h"
#include "judge/evidence.h"

/* What another worker had under way when the answer came is excused for the
 * profile's lateness; after that the gate is shut until the wait is over. */
static void judge_wait(const struct history *history, const struct seen *seen,
                       struct verdict *verdict)
{
    const struct terms *terms = &history->terms;
    int64_t             shut_ns = seen->fate.to_ns + terms->late_ns;
    int64_t             open_ns =
        seen->fate.from_ns + seen->duty.wait.least_ns - terms->early_ns;
    char answer[EVIDENCE_MAX];
    char after[EVIDENCE_MAX];

    if (shut_ns >= open_ns)
        return;
    verdict_saw(verdict, "RA-5");
    for (const struct seen *other = seen + 1;
         other < history->items + history->count; other++) {
        int64_t arrived_ns = other->attempt->arrived_ns;

        if (arrived_ns >= open_ns)
            break;
        if (other->batch == NULL || other->batch == seen->batch ||
            arrived_ns <= shut_ns)
            continue;
        verdict_find(verdict, "RA-5", "retry-after.gate",
                     other->attempt->number,
                     "attempt %u (batch %zu) came %s after attempt %u (batch "
                     "%zu) was answered %s: no batch may be sent until then",
                     other->attempt->number, other->batch->index + 1,
                     evidence_seconds(after, arrived_ns - seen->fate.from_ns),
                     seen->attempt->number, seen->batch->index + 1,
                     evidence_answer(answer, seen));
        break;
    }
}

static void judge(const struct history *history, struct verdict *verdict)
{
    if (!profile_is(history->profile->gate, "all") || history->batch_count < 2)
        return;
    for (size_t i = 0; i < history->count; i++) {
        const struct seen *seen = &history->items[i];

        if (seen->duty.kind == DUTY_TOLD && !seen->duty.must_stop &&
            seen->fate.to_ns != TIME_NEVER)
            judge_wait(history, seen, verdict);
    }
}

const struct check check_gate = {
    .info = {
        .name = "retry-after.gate",
        .rules = LIST("RA-5"),
        .looks_at = "the other batches' attempts while one batch waits for "
                    "its Retry-After",
        .killed_by = LIST("gate-per-worker"),
    },
    .judge = judge,
};

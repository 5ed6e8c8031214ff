/* A request that gets no answer is given up after the client's request
 * timeout. */

#include "judge/check.h"
#include "judge/evidence.h"

#define CHECK "network.timeout"

/* Until when the client held on to the request, as far as we saw. */
static int64_t held_until_ns(const struct history *history,
                             const struct seen    *seen)
{
    const struct client_outcome *outcome = &history->record->outcome;

    if (seen->attempt->gone_ns != TIME_NEVER)
        return seen->attempt->gone_ns;
    return outcome->end == CLIENT_TIMED_OUT ? outcome->ended_ns : TIME_NEVER;
}

static void judge(const struct history *history, struct verdict *verdict)
{
    const struct terms *terms = &history->terms;

    for (size_t i = 0; i < history->count; i++) {
        const struct seen *seen = &history->items[i];
        int64_t            held_ns = held_until_ns(history, seen);
        enum lateness      lateness;
        char               held[EVIDENCE_MAX];
        char               allowed[EVIDENCE_MAX];

        if (seen->attempt->fault != FAULT_HANG || held_ns == TIME_NEVER ||
            seen->attempt->body_ns == TIME_NEVER)
            continue;
        held_ns -= seen->attempt->body_ns;
        if (terms->timeout_ns == TIME_NEVER)
            continue;
        verdict_saw(verdict, "NET-2");
        lateness = history_lateness(history, held_ns, terms->timeout_ns);
        if (lateness != LATENESS_NONE)
            verdict_find(verdict, "NET-2", CHECK, seen->attempt->number,
                         "attempt %u was held for %s without an answer; "
                         "allowed is the request timeout, %s",
                         seen->attempt->number,
                         evidence_seconds(held, held_ns),
                         evidence_seconds(allowed, terms->timeout_ns));
        if (lateness == LATENESS_DOUBTFUL)
            verdict_doubt(verdict);
    }
}

const struct check check_timeout = {
    .info = {
        .name = CHECK,
        .rules = LIST("NET-2"),
        .looks_at = "how long the client holds on to a request that hangs, "
                    "against the timeout it was given",
        .killed_by = LIST("request-timeout-ignored"),
    },
    .judge = judge,
};

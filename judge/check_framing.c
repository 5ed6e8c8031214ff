/* SPDX-License-Identifier: Apache-2.0 */
/* What was wrong with a request on the wire: a server that is stricter, or only
 * differs, would have read another request, or somebody else could. */

#include "judge/check.h"
#include "judge/outcome.h"

/* RULE_NONE: no numbered rule, but the client contract. */
static const enum rule_id rules[] = {
    [VIOLATION_OTHER] = RULE_NONE,     [VIOLATION_FRAME] = RULE_WIRE_1,
    [VIOLATION_HOST] = RULE_WIRE_2,    [VIOLATION_FIELD] = RULE_WIRE_3,
    [VIOLATION_AHEAD] = RULE_WIRE_4,   [VIOLATION_BODY] = RULE_WIRE_5,
    [VIOLATION_METHOD] = RULE_WIRE_7,  [VIOLATION_CREDENTIALS] = RULE_WIRE_6,
    [VIOLATION_VERSION] = RULE_WIRE_8,
};
_Static_assert(VIOLATION_COUNT == 9, "each needs its row: 0 is a rule");

static void blame(struct verdict *verdict, enum violation_kind kind,
                  unsigned attempt, const char *text)
{
    if (rules[kind] != RULE_NONE)
        verdict_find(verdict, rules[kind], "framing", attempt, "%s", text);
    else
        verdict_find_other(verdict, "contract", "framing", attempt,
                           "noted when the request came: %s", text);
}

/* Who gives up a request that takes too long, or is ended with one on its way,
 * cannot bring it to its end. */
static bool is_excused(const struct history *history,
                       const struct attempt *attempt)
{
    const struct client_outcome *outcome = &history->record->outcome;

    if (attempt->fault != FAULT_NONE)
        return true;
    if (attempt->end != ANSWER_GONE)
        return false;
    if (outcome_timed_out(&history->terms, attempt))
        return true;
    switch (outcome->end) {
    case CLIENT_EXITED:
    case CLIENT_ANSWERED:
    case CLIENT_BY_HAND:
        return false;
    case CLIENT_OBSERVED:
        return attempt->gone_ns >= history->record->observed_ns;
    default:
        return true;
    }
}

static void judge_attempt(const struct history *history,
                          const struct attempt *attempt,
                          struct verdict       *verdict)
{
    for (size_t i = 0; i < attempt->violation_count; i++) {
        const struct violation *violation = &attempt->violations[i];

        bool is_cut = violation->kind == VIOLATION_BODY;

        if (is_cut && is_excused(history, attempt))
            continue;
        blame(verdict, violation->kind, attempt->number, violation->text);
        if (is_cut && outcome_may_have_timed_out(&history->terms, attempt))
            verdict_doubt(verdict);
    }
}

static void judge(const struct history *history, struct verdict *verdict)
{
    const struct record *record = history->record;

    for (int i = 0; i < VIOLATION_COUNT && record->attempt_count > 0; i++)
        if (rules[i] != RULE_NONE)
            verdict_saw(verdict, rules[i]);
    for (size_t i = 0; i < record->attempt_count; i++)
        judge_attempt(history, record->attempts[i], verdict);
    for (size_t i = 0; i < record->remark_count; i++)
        if (record->remarks[i].wrong != VIOLATION_OTHER)
            blame(verdict, record->remarks[i].wrong, 0,
                  record->remarks[i].text);
}

const struct check check_framing = {
    .info =
        {
            .name = "framing",
            .rules = RULES(RULE_WIRE_1, RULE_WIRE_2, RULE_WIRE_3, RULE_WIRE_4,
                           RULE_WIRE_5, RULE_WIRE_6, RULE_WIRE_7, RULE_WIRE_8),
            .looks_at = "what the server noted of a request when it came: its "
                        "framing (two lengths, no Host, pipelined ...), an "
                        "assertion's signature",
            .evidence = "the server's words for each violation, and the "
                        "request's first KiB as it came (raw in records and "
                        "JSON reports, bytes in the text report). A body that "
                        "is not whole is nobody's fault where a fault struck, "
                        "where the client was ended, or where half its request "
                        "timeout had passed; it is doubtful where this trial's "
                        "noise may have been the rest of that half. A wrong "
                        "signature, TLS that was "
                        "left out and a bound that was met (docs/hostile.md) "
                        "break no numbered rule: their subject is contract",
            .killed_by = LIST("header-injection", "expects-another",
                              "two-authorizations", "assertion-altered",
                              "host-is-another", "key-in-query", "put-on-retry",
                              "folded-field", "bare-line-feed",
                              "line-after-body", "speaks-http-1.0"),
        },
    .judge = judge,
};

/* SPDX-License-Identifier: Apache-2.0 */
/* A setting that no client may take is refused when the client is made, and
 * it says so; it is neither obeyed nor passed over. */

#include "judge/check.h"
#include "judge/evidence.h"
#include "judge/leaving.h"

#define CHECK "config.refused"

static void judge(const struct history *history, struct verdict *verdict)
{
    const struct given          *given = &history->plan->given;
    const struct client_outcome *outcome = &history->record->outcome;
    const char                  *key;
    char                         value[EVIDENCE_MAX];

    if (given->wrong_count == 0 || !leaving_by_itself(history) ||
        !outcome->has_result)
        return;
    key = config_name(given->wrong[0].key);
    evidence_value(value, given->wrong[0].json);
    verdict_saw(verdict, RULE_BUDGET_6);
    if (history->count > 0)
        verdict_find(verdict, RULE_BUDGET_6, CHECK,
                     history->items[0].attempt->number,
                     "attempt %u was made, though %s was %s; allowed is to "
                     "refuse it when the client is made",
                     history->items[0].attempt->number, key, value);
    else if (outcome->success)
        verdict_find(verdict, RULE_BUDGET_6, CHECK, 0,
                     "the client reported success, though %s was %s", key,
                     value);
    else if (outcome->error == NULL || outcome->error[0] == '\0')
        verdict_find(verdict, RULE_BUDGET_6, CHECK, 0,
                     "the client refused %s = %s without an error text", key,
                     value);
}

const struct check check_config = {
    .info =
        {
            .name = CHECK,
            .rules = RULES(RULE_BUDGET_6),
            .looks_at =
                "what a client does that was given a setting which is to "
                "be refused",
            .evidence = "the setting and its value, and the attempt that was "
                        "made all the same, or what the client reported",
            .killed_by = LIST("null-limit-is-default", "junk-limit-is-default",
                              "negative-limit-is-one"),
        },
    .judge = judge,
};

/* What was wrong with a request's framing: a server that is stricter, or only
 * differs, would have read another request. */

#include "judge/check.h"
#include "judge/evidence.h"

static void judge(const struct history *history, struct verdict *verdict)
{
    const struct record *record = history->record;

    for (size_t i = 0; i < record->attempt_count; i++) {
        const struct attempt *attempt = record->attempts[i];

        for (size_t j = 0; j < attempt->violation_count; j++)
            verdict_find_other(verdict, "contract", "framing", attempt->number,
                               "noted when the request came: %s",
                               attempt->violations[j]);
    }
}

const struct check check_framing = {
    .info = {
        .name = "framing",
        .rules = NO_LIST,
        .looks_at = "what the server noted of a request when it came: its "
                    "framing (two lengths, no Host, pipelined ...), an "
                    "assertion's signature",
        .killed_by = LIST("header-injection", "expects-another",
                          "assertion-altered"),
    },
    .judge = judge,
};

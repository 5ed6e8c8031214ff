/* What was wrong with a request on the wire: a server that is stricter, or only
 * differs, would have read another request, or somebody else could. */

#include "judge/check.h"
#include "judge/evidence.h"

/* NULL: no numbered rule, but the client contract. */
static const char *const rules[VIOLATION_COUNT] = {
    [VIOLATION_FRAME] = "WIRE-1",       [VIOLATION_HOST] = "WIRE-2",
    [VIOLATION_FIELD] = "WIRE-3",       [VIOLATION_AHEAD] = "WIRE-4",
    [VIOLATION_BODY] = "WIRE-5",        [VIOLATION_CREDENTIALS] = "WIRE-6",
    [VIOLATION_METHOD] = "WIRE-7",      [VIOLATION_VERSION] = "WIRE-8",
};

static void blame(struct verdict *verdict, enum violation_kind kind,
                  unsigned attempt, const char *text)
{
    if (rules[kind] != NULL)
        verdict_find(verdict, rules[kind], "framing", attempt, "%s", text);
    else
        verdict_find_other(verdict, "contract", "framing", attempt,
                           "noted when the request came: %s", text);
}

static void judge(const struct history *history, struct verdict *verdict)
{
    const struct record *record = history->record;

    for (int i = 0; i < VIOLATION_COUNT && record->attempt_count > 0; i++)
        if (rules[i] != NULL)
            verdict_saw(verdict, rules[i]);
    for (size_t i = 0; i < record->attempt_count; i++) {
        const struct attempt *attempt = record->attempts[i];

        for (size_t j = 0; j < attempt->violation_count; j++)
            blame(verdict, attempt->violations[j].kind, attempt->number,
                  attempt->violations[j].text);
    }
}

const struct check check_framing = {
    .info = {
        .name = "framing",
        .rules = LIST("WIRE-1", "WIRE-2", "WIRE-3", "WIRE-4", "WIRE-5",
                      "WIRE-6", "WIRE-7", "WIRE-8"),
        .looks_at = "what the server noted of a request when it came: its "
                    "framing (two lengths, no Host, pipelined ...), an "
                    "assertion's signature",
        .killed_by = LIST("header-injection", "expects-another",
                          "two-authorizations", "assertion-altered",
                          "host-is-another", "key-in-query", "put-on-retry",
                          "speaks-http-1.0"),
    },
    .judge = judge,
};

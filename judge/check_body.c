/* SPDX-License-Identifier: Apache-2.0 */
/* The body is JSON, gzip only if declared, under a content type that the
 * profile accepts. */

#include "judge/check.h"
#include "judge/evidence.h"
#include "judge/flaw.h"

#include <string.h>
#include <strings.h>

#define CHECK "delivery.body"

/* The media type alone, without parameters. */
static bool is_type(const char *value, const char *type)
{
    size_t length = strcspn(value, "; \t");

    return length == strlen(type) && strncasecmp(value, type, length) == 0;
}

static bool accepts(const struct profile *profile, const char *value)
{
    for (unsigned i = 0; i < profile->content_types.count; i++)
        if (is_type(value, profile->content_types.at[i]))
            return true;
    return profile->content_types.count == 0;
}

static void judge_type(const struct history *history,
                       const struct attempt *attempt, struct verdict *verdict)
{
    const char *value = header_get(&attempt->headers, "Content-Type", 0);
    char        shown[EVIDENCE_MAX];

    if (value != NULL && accepts(history->profile, value))
        return;
    verdict_find(verdict, RULE_DELIVER_9, CHECK, attempt->number,
                 "the Content-Type is %s; allowed is %s",
                 value ? evidence_value(shown, value) : "missing",
                 history->profile->content_types.count > 0
                     ? history->profile->content_types.at[0]
                     : "any");
}

static bool is_right_or_unknown(enum body_kind kind)
{
    return kind == BODY_JSON || kind == BODY_PART || kind == BODY_ENDLESS ||
           kind == BODY_UNREAD;
}

static void judge(const struct history      *history,
                  const struct attempt_view *view, struct verdict *verdict)
{
    const struct attempt *attempt = view->attempt;
    char                  flaw[EVIDENCE_MAX];

    if (attempt->body_ns == TIME_NEVER)
        return; /* the request never came whole */
    verdict_saw(verdict, RULE_DELIVER_9);
    judge_type(history, attempt, verdict);
    if (is_right_or_unknown(view->events.body))
        return;
    verdict_find(verdict, RULE_DELIVER_9, CHECK, attempt->number,
                 "the body (%zu bytes) is %s; allowed is JSON, or gzip of "
                 "JSON with Content-Encoding: gzip",
                 attempt->body_bytes,
                 flaw_say(flaw, attempt, view->events.body));
}

const struct check check_body = {
    .info =
        {
            .name = CHECK,
            .rules = RULES(RULE_DELIVER_9),
            .looks_at = "each request's body, its Content-Encoding and its "
                        "Content-Type",
            .evidence =
                "what is seen in the body (packed twice; gzip that is not "
                "declared; JSON that is cut short after 37 bytes; no UTF-8 "
                "after 12 of 80 bytes ...) or the Content-Type that was sent",
            .killed_by = LIST("body-not-json", "gzip-undeclared", "gzip-false"),
        },
    .judge_attempt = judge,
};

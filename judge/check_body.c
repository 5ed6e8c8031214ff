/* SPDX-License-Identifier: Apache-2.0 */
/* The body has the form of the profile (JSON), packed only as it is declared,
 * under a content type that the profile accepts. */

#include "judge/check.h"
#include "judge/evidence.h"
#include "judge/flaw.h"

#include <stdio.h>
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
    return kind == BODY_JSON || kind == BODY_OTHER || kind == BODY_PART ||
           kind == BODY_ENDLESS || kind == BODY_UNREAD || kind == BODY_SEALED;
}

/* "JSON, or gzip of JSON with Content-Encoding: gzip". */
static const char *allowed(char                  buffer[EVIDENCE_GAP_MAX],
                           const struct profile *profile)
{
    static const char *const forms[] = {
        [BODY_FORM_JSON] = "JSON",
        [BODY_FORM_NDJSON] = "lines of JSON",
        [BODY_FORM_FORM] = "a form (application/x-www-form-urlencoded)",
        [BODY_FORM_PROTOBUF] = "protobuf",
        [BODY_FORM_MSGPACK] = "msgpack",
    };
    const struct profile_texts *codings = &profile->content_encodings;
    const char                 *form = PROFILE_OPEN(profile, body_form)
                                           ? "any form"
                                           : forms[profile->body_form];

    if (codings->count == 1)
        snprintf(buffer, EVIDENCE_GAP_MAX,
                 "%s, or %s of %s with Content-Encoding: %s", form,
                 codings->at[0], form, codings->at[0]);
    else
        snprintf(buffer, EVIDENCE_GAP_MAX,
                 "%s, packed as its Content-Encoding says", form);
    return buffer;
}

static void judge(const struct history      *history,
                  const struct attempt_view *view, struct verdict *verdict)
{
    const struct attempt *attempt = view->attempt;
    char                  flaw[EVIDENCE_MAX];
    char                  form[EVIDENCE_GAP_MAX];

    if (attempt->body_ns == TIME_NEVER)
        return; /* the request never came whole */
    verdict_saw(verdict, RULE_DELIVER_9);
    judge_type(history, attempt, verdict);
    if (is_right_or_unknown(view->events.body))
        return;
    verdict_find(verdict, RULE_DELIVER_9, CHECK, attempt->number,
                 "the body (%zu bytes) is %s; allowed is %s",
                 attempt->body_bytes,
                 flaw_say(flaw, attempt, view->events.body),
                 allowed(form, history->profile));
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

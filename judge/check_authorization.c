/* SPDX-License-Identifier: Apache-2.0 */
/* Who sends it: each request carries the write key, retries too. */

#include "judge/check.h"
#include "judge/evidence.h"

#include "common/alloc.h"
#include "common/base64.h"
#include "common/form.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What an attempt carried, against what the profile's kind asks for. */
struct asked {
    enum profile_authorization kind; /* not none, nor as-sent */
    const char                *name; /* where it is sent under a name */
    char                      *value; /* that is right; yours */
    char                       fault[EVIDENCE_MAX]; /* the last one */
};

static const char *PRINTF_LIKE(2, 3)
    say(struct asked *asked, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(asked->fault, sizeof asked->fault, format, arguments);
    va_end(arguments);
    return asked->fault;
}

/* "Basic " and what follows, or the same of Bearer. */
static const char *fault_of_scheme(struct asked         *asked,
                                   const struct attempt *attempt)
{
    bool        basic = asked->kind == AUTHORIZATION_BASIC;
    const char *scheme = basic ? "Basic " : "Bearer ";
    const char *value = header_get(&attempt->headers, "Authorization", 0);

    if (value == NULL)
        return "no Authorization";
    if (header_count(&attempt->headers, "Authorization") > 1)
        return "more than one Authorization";
    if (strlen(value) <= strlen(scheme) ||
        strncasecmp(value, scheme, strlen(scheme)) != 0)
        return basic ? "an Authorization that is not Basic"
                     : "an Authorization that is not Bearer";
    if (strcmp(value + strlen(scheme), asked->value) != 0)
        return basic ? "Basic credentials that are not base64(writeKey + "
                       "\":\")"
                     : "a bearer token that is not the write key";
    return NULL;
}

static const char *fault_of_header(struct asked         *asked,
                                   const struct attempt *attempt)
{
    const char *value = header_get(&attempt->headers, asked->name, 0);

    if (value == NULL)
        return say(asked, "no %s", asked->name);
    if (header_count(&attempt->headers, asked->name) > 1)
        return say(asked, "more than one %s", asked->name);
    return strcmp(value, asked->value) == 0
               ? NULL
               : say(asked, "a %s that is not the write key", asked->name);
}

static const char *fault_of_query(struct asked         *asked,
                                  const struct attempt *attempt)
{
    const char *query = attempt->target ? strchr(attempt->target, '?') : NULL;
    size_t      length = 0;
    const char *value =
        query ? form_value(query + 1, asked->name, &length) : NULL;

    if (value == NULL)
        return say(asked, "no %s in its query", asked->name);
    return form_value_is(value, length, asked->value)
               ? NULL
               : say(asked, "a %s in its query that is not the write key",
                     asked->name);
}

/* What is wrong with the attempt's credentials, until the next is asked for;
 * NULL = nothing. */
static const char *fault_of(struct asked              *asked,
                            const struct attempt_view *view)
{
    switch (asked->kind) {
    case AUTHORIZATION_BASIC:
    case AUTHORIZATION_BEARER:
        return fault_of_scheme(asked, view->attempt);
    case AUTHORIZATION_HEADER:
        return fault_of_header(asked, view->attempt);
    case AUTHORIZATION_QUERY:
        return fault_of_query(asked, view->attempt);
    case AUTHORIZATION_BODY_FIELD:
        return view->events.has_key
                   ? NULL
                   : say(asked, "no %s with the write key in its body",
                         asked->name);
    case AUTHORIZATION_NONE:
    case AUTHORIZATION_AS_SENT:
        break;
    }
    assert(false);
    return NULL;
}

static const char *allowed(const struct asked *asked, char text[EVIDENCE_MAX])
{
    static const char *const forms[] = {
        [AUTHORIZATION_BASIC] =
            "Authorization: Basic base64(writeKey + \":\")%s",
        [AUTHORIZATION_BEARER] = "Authorization: Bearer, and the write key%s",
        [AUTHORIZATION_HEADER] = "the write key as the header field %s",
        [AUTHORIZATION_QUERY] = "the write key in the query, as %s",
        [AUTHORIZATION_BODY_FIELD] = "the write key in the body, as %s",
    };
    const char *form = forms[asked->kind];
    int         before = (int)(strstr(form, "%s") - form);

    snprintf(text, EVIDENCE_MAX, "%.*s%s", before, form, asked->name);
    return text;
}

/* What the request was read of is not all of it, or not readable. */
static bool is_unknown(const struct asked        *asked,
                       const struct attempt_view *view)
{
    return asked->kind == AUTHORIZATION_BODY_FIELD && !view->events.has_key &&
           !events_are_known(&view->events);
}

static void judge_attempt(const struct attempt_view *view, struct asked *asked,
                          struct verdict *verdict)
{
    const char *fault = fault_of(asked, view);
    bool        retry = view->nth > 1;
    char        was[EVIDENCE_MAX];
    char        right[EVIDENCE_MAX];

    if (is_unknown(asked, view))
        return;
    verdict_saw(verdict, RULE_AUTH_1);
    if (retry)
        verdict_saw(verdict, RULE_AUTH_3);
    if (fault == NULL)
        return;
    snprintf(was, sizeof was, "%s", fault);
    if (retry && fault_of(asked, view->batch->first) == NULL)
        verdict_find(verdict, RULE_AUTH_3, "authorization",
                     view->attempt->number,
                     "retry %u carried %s; the batch's first attempt had the "
                     "right credentials",
                     view->nth - 1, was);
    else
        verdict_find(verdict, RULE_AUTH_1, "authorization",
                     view->attempt->number,
                     "the request carried %s; allowed is %s", was,
                     allowed(asked, right));
}

static bool any_is_sent(const struct history *history)
{
    for (size_t i = 0; i < history->count; i++)
        if (header_count(&history->items[i].attempt->headers, "Authorization") >
            0)
            return true;
    return false;
}

/* Which kind this client is to send; none: nothing is judged. */
static enum profile_authorization kind_of(const struct history *history)
{
    enum profile_authorization kind = history->profile->authorization;

    if (kind != AUTHORIZATION_AS_SENT)
        return kind;
    return any_is_sent(history) ? AUTHORIZATION_BASIC : AUTHORIZATION_NONE;
}

static char *value_of(enum profile_authorization kind, const char *write_key)
{
    char *pair;
    char *value;

    if (kind != AUTHORIZATION_BASIC)
        return alloc_text(write_key);
    pair = alloc_format("%s:", write_key);
    value = base64_encode(pair, strlen(pair));
    alloc_free(pair);
    return value;
}

static void judge(const struct history *history, struct verdict *verdict)
{
    struct asked asked = {.kind = kind_of(history),
                          .name = history->profile->credential_name};
    const char  *write_key = history->plan->given.write_key;

    if (history->terms.oauth || write_key == NULL ||
        asked.kind == AUTHORIZATION_NONE)
        return;
    asked.value = value_of(asked.kind, write_key);
    for (size_t i = 0; i < history->count; i++)
        judge_attempt(&history->items[i], &asked, verdict);
    alloc_free(asked.value);
}

const struct check check_authorization = {
    .info =
        {
            .name = "authorization",
            .rules = RULES(RULE_AUTH_1, RULE_AUTH_3),
            .looks_at = "the Authorization field of each request, or where the "
                        "profile has the write key instead (another header, "
                        "the query, the body), against the one that was given",
            .evidence =
                "what was there instead (missing, twice, not Basic, other "
                "credentials), never its value. Nothing is judged where the "
                "profile's authorization is none, nor where it is as-sent and "
                "no request of the trial has the field",
            .killed_by = LIST("no-authorization", "no-authorization-on-retry",
                              "two-authorizations"),
        },
    .judge = judge,
};

/* SPDX-License-Identifier: Apache-2.0 */
/* Credentials stay at the origin they were given for, whatever a redirect
 * says. The write key in a body is as good as in a header. */

#include "judge/check.h"
#include "judge/evidence.h"

#include <string.h>

#define CHECK "authorization.origin"

/* What of the client's credentials is in the request; NULL = nothing. To a
 * profile without any, the write key is a text like another. */
static const char *leaked(const struct history *history,
                          const struct attempt *attempt)
{
    const char *write_key = history->plan->given.write_key;

    if (header_count(&attempt->headers, "Authorization") > 0)
        return "an Authorization field";
    if (history->profile->authorization == AUTHORIZATION_NONE ||
        write_key == NULL || write_key[0] == '\0')
        return NULL;
    for (size_t i = 0; i < attempt->headers.count; i++)
        if (strstr(attempt->headers.items[i].value, write_key) != NULL)
            return "the write key in a header field";
    if (attempt->body != NULL && memmem(attempt->body, attempt->body_kept_bytes,
                                        write_key, strlen(write_key)) != NULL)
        return "the write key in its body";
    if (attempt->target != NULL && strstr(attempt->target, write_key) != NULL)
        return "the write key in its target";
    return NULL;
}

/* A redirect elsewhere: by its Location, which names another origin. */
static bool leads_elsewhere(const struct attempt *attempt)
{
    const char *location = header_get(&attempt->answer_headers, "Location", 0);

    return attempt->status >= 300 && attempt->status <= 399 &&
           location != NULL && strstr(location, "://") != NULL;
}

static void judge(const struct history *history, struct verdict *verdict)
{
    const struct record *record = history->record;

    for (size_t i = 0; i < record->attempt_count; i++) {
        const struct attempt *attempt = record->attempts[i];
        const char           *host = header_get(&attempt->headers, "Host", 0);
        const char           *what;
        char                  shown[EVIDENCE_MAX];

        if (attempt->route != ROUTE_ELSEWHERE) {
            if (leads_elsewhere(attempt))
                verdict_saw(verdict, RULE_AUTH_5);
            continue;
        }
        what = leaked(history, attempt);
        if (what != NULL)
            verdict_find(verdict, RULE_AUTH_5, CHECK, attempt->number,
                         "a redirect was followed to another origin (%.80s) "
                         "with %s",
                         host ? evidence_value(shown, host) : "no Host", what);
    }
}

const struct check check_redirect = {
    .info =
        {
            .name = CHECK,
            .rules = RULES(RULE_AUTH_5),
            .looks_at = "each request that came to another origin: whether it "
                        "carried Authorization or the write key",
            .evidence = "which origin it was, by its Host, and where the "
                        "credentials were. A redirect that is followed without "
                        "credentials breaks nothing here",
            .killed_by = LIST("credentials-follow-redirects",
                              "credentials-follow-to-other-port",
                              "credentials-follow-to-other-host"),
        },
    .judge = judge,
};

/* SPDX-License-Identifier: Apache-2.0 */
/* The request for a token: client credentials with a signed assertion. */

#include "judge/check.h"

#include "common/alloc.h"
#include "common/base64.h"
#include "common/form.h"

#include <cJSON.h>
#include <string.h>

#define CHECK   "token.request"
#define SUBJECT "contract"

enum { PART_BYTES_MAX = 16 * 1024 };

#define ASSERTION_TYPE                                                         \
    "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
#define ASSERTION_TYPE_BARE                                                    \
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

static char *copy_value(const struct attempt *attempt, const char *name)
{
    size_t      length_bytes = 0;
    const char *value = form_value(attempt->body, name, &length_bytes);

    return value != NULL ? alloc_text_n(value, length_bytes) : NULL;
}

/* A part of a JSON Web Token; NULL when it is none. */
static cJSON *read_part(const char *part, size_t length_bytes)
{
    struct bytes text;
    cJSON       *json = NULL;

    bytes_init(&text, PART_BYTES_MAX);
    if (base64url_decode(part, length_bytes, &text))
        json = cJSON_Parse(bytes_text(&text));
    bytes_clear(&text);
    return json;
}

static const char *word(const cJSON *json, const char *name)
{
    const char *text =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, name));

    return text != NULL ? text : "";
}

/* RFC 7523, section 3. What is wrong with the claims; NULL = nothing. */
static const char *claims_fault(const cJSON *claims, int64_t now_wall_s)
{
    const cJSON *aud = cJSON_GetObjectItemCaseSensitive(claims, "aud");
    const cJSON *exp = cJSON_GetObjectItemCaseSensitive(claims, "exp");

    if (word(claims, "iss")[0] == '\0')
        return "has no iss";
    if (strcmp(word(claims, "iss"), word(claims, "sub")) != 0)
        return "has a sub that is not its iss";
    if (!cJSON_IsString(aud) && !cJSON_IsArray(aud))
        return "has no aud";
    if (!cJSON_IsNumber(exp))
        return "has no exp";
    if (exp->valuedouble < (double)now_wall_s)
        return "had expired when it came";
    return NULL;
}

static const char *assertion_fault(const char *assertion, int64_t now_wall_s)
{
    const char *dot = assertion ? strchr(assertion, '.') : NULL;
    const char *end = dot ? strchr(dot + 1, '.') : NULL;
    cJSON      *head = NULL;
    cJSON      *claims = NULL;
    const char *fault = NULL;

    if (assertion == NULL)
        return "is missing";
    if (end == NULL)
        return "is no JSON Web Token";
    head = read_part(assertion, (size_t)(dot - assertion));
    claims = read_part(dot + 1, (size_t)(end - dot - 1));
    if (head == NULL || claims == NULL)
        fault = "is no JSON Web Token";
    else if (strcmp(word(head, "alg"), "RS256") != 0)
        fault = "is not signed by RS256";
    else
        fault = claims_fault(claims, now_wall_s);
    cJSON_Delete(head);
    cJSON_Delete(claims);
    return fault;
}

static void judge_attempt(const struct attempt *attempt,
                          struct verdict       *verdict)
{
    char       *grant = copy_value(attempt, "grant_type");
    char       *type = copy_value(attempt, "client_assertion_type");
    char       *assertion = copy_value(attempt, "client_assertion");
    const char *fault = assertion_fault(assertion, attempt->answer_wall_s);

    if (grant == NULL || strcmp(grant, "client_credentials") != 0)
        verdict_find_other(verdict, SUBJECT, CHECK, attempt->number,
                           "the request for a token has grant_type \"%.40s\"; "
                           "allowed is client_credentials",
                           grant ? grant : "");
    if (type == NULL || (strcmp(type, ASSERTION_TYPE) != 0 &&
                         strcmp(type, ASSERTION_TYPE_BARE) != 0))
        verdict_find_other(verdict, SUBJECT, CHECK, attempt->number,
                           "the request for a token has client_assertion_type "
                           "\"%.80s\"; allowed is " ASSERTION_TYPE_BARE,
                           type ? type : "");
    if (fault != NULL)
        verdict_find_other(verdict, SUBJECT, CHECK, attempt->number,
                           "the request for a token: its client_assertion %s "
                           "(RFC 7523, 3)",
                           fault);
    alloc_free(grant);
    alloc_free(type);
    alloc_free(assertion);
}

static void judge(const struct history *history, struct verdict *verdict)
{
    const struct record *record = history->record;

    if (!history->terms.oauth)
        return;
    for (size_t i = 0; i < record->attempt_count; i++)
        if (record->attempts[i]->route == ROUTE_TOKEN &&
            record->attempts[i]->body_ns != TIME_NEVER)
            judge_attempt(record->attempts[i], verdict);
}

const struct check check_token_request = {
    .info =
        {
            .name = CHECK,
            .rules = NO_RULES,
            .looks_at = "the form and the assertion by which a token is asked "
                        "for, against RFC 7523",
            .evidence =
                "the grant type, the assertion type, or what is wrong with the "
                "JSON Web Token. The server checks its signature (see framing)",
            .killed_by = LIST("token-wrong-grant"),
        },
    .judge = judge,
};

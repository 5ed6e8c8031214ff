/* SPDX-License-Identifier: Apache-2.0 */
/* Status codes: one taken for another, and crashes. */

#include "client/mutants/mistake.h"
#include "client/mutants/mutant.h"

#include <cJSON.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define TAKE_STATUS(function, condition, taken)                                \
    AFTER(function)                                                            \
    {                                                                          \
        const int status = outcome->status;                                    \
                                                                               \
        if (condition)                                                         \
            outcome->status = (taken);                                         \
    }

static bool is_basic(const struct request *request)
{
    return request->authorization != NULL &&
           strncmp(request->authorization, "Basic ", 6) == 0;
}

TAKE_STATUS(retry_413, status == 413, AS_RETRYABLE)
TAKE_STATUS(retry_501, status == 501, AS_RETRYABLE)
TAKE_STATUS(retry_511, status == 511 && is_basic(request), AS_RETRYABLE)
/* A 408 for no request has no body: it is no answer to one. */
TAKE_STATUS(drop_408, status == 408 && outcome->body.length > 0, AS_REFUSED)
TAKE_STATUS(drop_410, status == 410, AS_REFUSED)
TAKE_STATUS(drop_460, status == 460, AS_REFUSED)
TAKE_STATUS(drop_502, status == 502, AS_REFUSED)
TAKE_STATUS(refuse_201, status == 201, AS_REFUSED)
TAKE_STATUS(refuse_3xx, status >= 300 && status <= 399, AS_REFUSED)
TAKE_STATUS(limit_503, status == 503 && outcome->retry_after_count > 0, 429)

/* Of a server's failure, where it was kept whole. */
AFTER(parse_body)
{
    cJSON *body = cJSON_Parse(bytes_text(&outcome->body));

    if (outcome->status >= 500 && outcome->body.length < OUTCOME_BODY_MAX &&
        !cJSON_IsObject(body))
        outcome->status = AS_REFUSED; /* the parser's exception */
    cJSON_Delete(body);
}

AFTER(crash_on_502)
{
    if (outcome->status == 502)
        abort(); /* SIGABRT is the one that no mask holds back */
}

/* body["code"], whether it is there or not. */
AFTER(crash_without_code)
{
    cJSON *body = cJSON_Parse(bytes_text(&outcome->body));

    if (outcome->status >= 400 && cJSON_IsObject(body) &&
        !cJSON_HasObjectItem(body, "code"))
        abort(); /* SIGABRT is the one that no mask holds back */
    cJSON_Delete(body);
}

/* clang-format off */
const struct mutant mutants_status[] = {
    {"201-is-an-error", "STATUS-1", "Takes 201 for a refusal.",
     {.after = refuse_201}},
    {"redirect-is-an-error", "STATUS-1", "Takes 300-399 for a refusal.",
     {.after = refuse_3xx}},
    {"drops-408", "STATUS-2", "Does not retry 408.", {.after = drop_408}},
    {"drops-410", "STATUS-2", "Does not retry 410.", {.after = drop_410}},
    {"drops-460", "STATUS-2", "Does not retry 460.", {.after = drop_460}},
    {"retries-413", "STATUS-3", "Retries 413.", {.after = retry_413}},
    {"drops-502", "STATUS-4", "Does not retry 502.", {.after = drop_502}},
    {"retries-501", "STATUS-5", "Retries 501.", {.after = retry_501}},
    {"retries-511-without-oauth", "STATUS-6", "Retries 511 without OAuth.",
     {.after = retry_511}},
    {"error-body-parsed", "STATUS-7",
     "Parses the body of a 5xx, and drops the batch when it is no JSON "
     "object.",
     {.after = parse_body}},
    {"retry-after-on-503", "RA-6", "Honours Retry-After on 503 too.",
     {.after = limit_503}},
    {"error-body-without-code-crashes", "contract",
     "Crashes on an error whose body has no code.",
     {.after = crash_without_code}},
    {"crashes-on-502", "contract", "Crashes when it reads 502.",
     {.after = crash_on_502}},
    {.name = NULL},
};
/* clang-format on */

/* SPDX-License-Identifier: Apache-2.0 */
/* What a request carries: credentials, headers and the body. */

#include "client/gzip.h"
#include "client/mutants/mistake.h"
#include "client/mutants/mutant.h"
#include "common/alloc.h"

#include <cJSON.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

BEFORE(forget_authorization)
{
    alloc_free(request->authorization);
    request->authorization = NULL;
    alloc_free(request->key);
    request->key = NULL;
}

BEFORE(forget_authorization_later)
{
    if (request->retry > 0)
        forget_authorization(request);
}

/* A value that was never checked for line breaks carries a header of its
 * own. */
static void inject(struct request *request, const char *line)
{
    char *injected = alloc_format("%s\r\n%s", request->authorization, line);

    alloc_free(request->authorization);
    request->authorization = injected;
}

BEFORE(inject_host)
{
    inject(request, "Host: elsewhere.example");
}

BEFORE(authorize_twice)
{
    inject(request, "Authorization: Basic b2xkOg==");
}

BEFORE(expect_more)
{
    inject(request, "Expect: 200-ok");
}

BEFORE(declare_gzip)
{
    request->gzip = false;
    inject(request, "Content-Encoding: gzip");
}

BEFORE(hide_gzip)
{
    struct bytes packed;

    bytes_init(&packed, request->body.max);
    gzip_pack(&request->body, &packed);
    bytes_clear(&request->body);
    request->body = packed;
    request->gzip = false;
}

BEFORE(cut_body)
{
    request->body.data[--request->body.length] = '\0';
}

static void repeat_last(cJSON *body)
{
    cJSON *events = mistake_events(body);
    int    last = cJSON_GetArraySize(events) - 1;

    cJSON_AddItemToArray(
        events, cJSON_Duplicate(cJSON_GetArrayItem(events, last), true));
}

BEFORE(repeat_last_later)
{
    if (request->retry > 0)
        mistake_rewrite(request, repeat_last);
}

static void leave_out_first(cJSON *body)
{
    cJSON *events = mistake_events(body);

    if (cJSON_GetArraySize(events) > 1)
        cJSON_DeleteItemFromArray(events, 0);
}

BEFORE(leave_out_first_later)
{
    if (request->retry > 0)
        mistake_rewrite(request, leave_out_first);
}

static void rename_messages(cJSON *body)
{
    static atomic_uint renamed;
    cJSON             *event;

    cJSON_ArrayForEach (event, mistake_events(body)) {
        char *id = alloc_format("renamed-%u", atomic_fetch_add(&renamed, 1));

        cJSON_ReplaceItemInObjectCaseSensitive(event, "messageId",
                                               cJSON_CreateString(id));
        alloc_free(id);
    }
}

BEFORE(rename_later)
{
    if (request->retry > 0)
        mistake_rewrite(request, rename_messages);
}

static void freeze(cJSON *body)
{
    WORKER_MEMORY char stamp[64];
    cJSON *sent_at = cJSON_GetObjectItemCaseSensitive(body, "sentAt");

    if (stamp[0] == '\0')
        snprintf(stamp, sizeof stamp, "%s", sent_at->valuestring);
    cJSON_SetValuestring(sent_at, stamp);
}

/* The stamp of the worker's first attempt, for ever. */
BEFORE(freeze_sent_at)
{
    mistake_rewrite(request, freeze);
}

/* clang-format off */
const struct mutant mutants_request[] = {
    {"no-authorization", "AUTH-1", "No request carries credentials.",
     {.before = forget_authorization}},
    {"no-authorization-on-retry", "AUTH-3", "Retries carry no credentials.",
     {.before = forget_authorization_later}},
    {"partial-batch-on-retry", "DELIVER-3",
     "A retry leaves out the first of several events.",
     {.before = leave_out_first_later}},
    {"batch-changed-between-attempts", "DELIVER-3",
     "A retry carries the batch's last event twice.",
     {.before = repeat_last_later}},
    {"new-message-ids-on-retry", "DELIVER-3",
     "A retry carries new messageIds.", {.before = rename_later}},
    {"sent-at-frozen", "DELIVER-10",
     "Every request carries the sentAt of the first.",
     {.before = freeze_sent_at}},
    {"body-not-json", "DELIVER-9", "The body lacks its last brace.",
     {.before = cut_body}},
    {"gzip-undeclared", "DELIVER-9",
     "The body is compressed, and no header says so.", {.before = hide_gzip}},
    {"gzip-false", "DELIVER-9",
     "The body is said to be compressed, and is not.",
     {.before = declare_gzip}},
    {"two-authorizations", "WIRE-6",
     "Each request carries old credentials, too.",
     {.before = authorize_twice}},
    {"expects-another", "WIRE-7",
     "Each request expects what no server knows.", {.before = expect_more}},
    {"header-injection", "WIRE-2",
     "A line break in a header value brings a second Host.",
     {.before = inject_host}},
    {.name = NULL},
};
/* clang-format on */

/* SPDX-License-Identifier: Apache-2.0 */
#include "client/mutants/mistake.h"

#include "common/alloc.h"

#include <assert.h>

struct retry_policy mistake_policy;

void mistake_know_policy(UNREAD struct ingest_config *config,
                         struct retry_policy         *policy)
{
    mistake_policy = *policy;
}

void mistake_take_trouble(struct outcome *outcome, enum trouble trouble,
                          int status)
{
    if (outcome->trouble != trouble)
        return;
    outcome->trouble = TROUBLE_NONE;
    outcome->status = status;
}

void mistake_back_off(const struct outcome *outcome, struct retry *retry,
                      struct move *move)
{
    retry->counted++;
    retry->retries++;
    *move =
        move_wait(outcome->ended_ns +
                  retry_backoff_ns(&mistake_policy, retry->counted, 0, 0.5));
}

void mistake_set_count(struct request *request, unsigned count)
{
    alloc_free(request->retry_count);
    request->retry_count = count > 0 ? alloc_format("%u", count) : NULL;
}

void mistake_rewrite(struct request *request, void (*change)(cJSON *body))
{
    cJSON *body = cJSON_Parse(request->body.data);
    char  *text;

    assert(cJSON_IsObject(body)); /* as the client made it */
    change(body);
    text = cJSON_PrintUnformatted(body);
    bytes_clear(&request->body);
    bytes_add(&request->body, text);
    cJSON_free(text);
    cJSON_Delete(body);
}

int64_t mistake_take_integer(struct outcome *outcome, const char *name)
{
    cJSON *body = cJSON_Parse(bytes_text(&outcome->body));
    cJSON *taken = cJSON_DetachItemFromObjectCaseSensitive(body, name);
    char  *text = cJSON_PrintUnformatted(body);
    double value = cJSON_IsNumber(taken) ? taken->valuedouble : 0;

    if (text != NULL) {
        bytes_clear(&outcome->body);
        bytes_add(&outcome->body, text);
    }
    cJSON_free(text);
    cJSON_Delete(taken);
    cJSON_Delete(body);
    return (int64_t)value;
}

cJSON *mistake_events(cJSON *body)
{
    return cJSON_GetObjectItemCaseSensitive(body, "batch");
}

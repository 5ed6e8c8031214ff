/* SPDX-License-Identifier: Apache-2.0 */
/* Any event an application may hand in: no crash, and what is taken is one
 * JSON object, with what was added and not a value changed. */

#include "client/event.h"
#include "common/alloc.h"
#include "tests/fuzz/target.h"

#include <assert.h>
#include <cJSON.h>
#include <string.h>

enum { EVENT_BYTES = 32 * 1024 };

/* cJSON_Compare looks a member up by its name, and so calls an object that has
 * one twice another than itself. */
static bool same(const cJSON *was, const cJSON *is)
{
    char *before = cJSON_PrintUnformatted(was);
    char *after = cJSON_PrintUnformatted(is);
    bool  equal = before != NULL && after != NULL && strcmp(before, after) == 0;

    cJSON_free(before);
    cJSON_free(after);
    return equal;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char         *text = alloc_text_n((const char *)data, size);
    struct rng    rng;
    struct err    err;
    struct event *event;
    cJSON        *given;
    cJSON        *taken;

    rng_seed(&rng, 1);
    event = event_new(text, EVENT_BYTES, &rng, 1795000000000000000, &err);
    if (event != NULL) {
        assert(strlen(event->json) == event->length_bytes);
        assert(event->length_bytes <= EVENT_BYTES);
        given = cJSON_Parse(text);
        taken = cJSON_ParseWithOpts(event->json, NULL, true);
        assert(cJSON_IsObject(given) && cJSON_IsObject(taken));
        assert(cJSON_GetObjectItemCaseSensitive(taken, "messageId"));
        assert(cJSON_GetObjectItemCaseSensitive(taken, "timestamp"));
        for (cJSON *was = given->child, *is = taken->child; was;
             was = was->next, is = is->next)
            assert(strcmp(was->string, is->string) == 0 && same(was, is));
        cJSON_Delete(given);
        cJSON_Delete(taken);
    }
    event_free(event);
    alloc_free(text);
    return 0;
}

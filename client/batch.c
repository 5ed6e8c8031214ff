/* SPDX-License-Identifier: Apache-2.0 */
#include "client/batch.h"

#include "client/batch_form.h"

#include "common/alloc.h"

#include <assert.h>
#include <cJSON.h>

struct batch *batch_new(uint64_t number)
{
    struct batch *batch = alloc_zero(1, sizeof *batch);

    batch->number = number;
    return batch;
}

void batch_free(struct batch *batch)
{
    if (batch == NULL)
        return;
    event_list_clear(&batch->events);
    alloc_free(batch);
}

bool batch_has_room(const struct batch *batch, const struct event *event,
                    size_t body_bytes_max)
{
    assert(event->length_bytes > 0);
    return batch->events.bytes + event->length_bytes + 1 + BATCH_ENVELOPE_MAX <=
           body_bytes_max;
}

/* A string as JSON, quotes and all. */
static void add_quoted(struct bytes *body, const char *text)
{
    cJSON *json = cJSON_CreateStringReference(text);
    char  *quoted = cJSON_PrintUnformatted(json);

    bytes_add(body, quoted);
    cJSON_free(quoted);
    cJSON_Delete(json);
}

static void add_json(const struct batch *batch, const struct wire *wire,
                     const char *write_key, int64_t sent_wall_ns,
                     struct bytes *body)
{
    const struct event *event = batch->events.first;
    char                stamp[EVENT_STAMP_MAX];

    assert(event != NULL);
    bytes_add(body, "{\"batch\":[");
    for (; event != NULL; event = event->next) {
        bytes_append(body, event->json, event->length_bytes);
        if (event->next != NULL)
            bytes_add(body, ",");
    }
    bytes_add(body, "],\"sentAt\":");
    add_quoted(body, event_stamp(stamp, sent_wall_ns));
    bytes_add(body, ",");
    add_quoted(body, wire->key == WIRE_KEY_BODY ? wire->key_name : "writeKey");
    bytes_add(body, ":");
    add_quoted(body, write_key);
    bytes_add(body, "}");
    assert(!body->truncated &&
           body->length <= batch->events.bytes + BATCH_ENVELOPE_MAX);
}

void batch_body(const struct batch *batch, const struct wire *wire,
                const char *write_key, int64_t sent_wall_ns, struct bytes *body)
{
    if (wire->form == WIRE_JSON)
        add_json(batch, wire, write_key, sent_wall_ns, body);
    else
        batch_form_add(batch, wire, write_key, body);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/events.h"

#include "common/alloc.h"
#include "common/bytes.h"
#include "judge/body_form.h"
#include "judge/coding.h"
#include "judge/marks.h"

#include <assert.h>
#include <cJSON.h>
#include <math.h>
#include <string.h>

const char *events_body_text(enum body_kind kind)
{
    static const char *const texts[] = {
#define X(kind_, text) [kind_] = text,
        BODY_MAP(X)
#undef X
    };
    assert(kind < sizeof texts / sizeof texts[0]);
    return texts[kind];
}

/* What is unpacked is charged, whatever it is. */
static enum body_kind unpack(const struct attempt *attempt, enum coding coding,
                             struct bytes *text, struct events_effort *effort)
{
    enum coding_end end;

    if (effort->unpack_bytes < EVENTS_BODY_BYTES_MAX)
        return BODY_UNREAD;
    end = coding_undo(attempt, coding, text);
    assert(text->length <= effort->unpack_bytes);
    effort->unpack_bytes -= text->length;
    if (end == CODING_UNDONE)
        return BODY_JSON;
    return end == CODING_FULL ? BODY_ENDLESS : BODY_BAD_GZIP;
}

/* Fills text with the body as it was before any encoding. */
static enum body_kind decode(const struct attempt *attempt, struct bytes *text,
                             struct events_effort *effort)
{
    enum coding coding = coding_of(attempt);

    if (attempt->body_ns == TIME_NEVER ||
        attempt->body_kept_bytes < attempt->body_bytes)
        return BODY_PART;
    if (attempt->body_kept_bytes == 0)
        return BODY_EMPTY;
    if (!coding_is_taken(attempt, effort->profile))
        return BODY_ENCODED;
    if (coding == CODING_UNKNOWN)
        return BODY_SEALED;
    if (coding != CODING_NONE)
        return unpack(attempt, coding, text, effort);
    bytes_append(text, attempt->body, attempt->body_kept_bytes);
    return BODY_JSON;
}

/* ---- JSON ---- */

static bool has_too_many_values(const struct bytes *text)
{
    size_t commas = 0;

    for (size_t i = 0; i < text->length; i++)
        commas += text->data[i] == ',';
    return commas > EVENTS_COMMAS_MAX;
}

static const char *string_of(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

static unsigned number_of(const cJSON *event)
{
    const cJSON *properties =
        cJSON_GetObjectItemCaseSensitive(event, "properties");
    const cJSON *own = cJSON_GetObjectItemCaseSensitive(properties, "retrial");
    const char  *message_id = string_of(event, "messageId");
    const char  *name = string_of(event, "event");
    unsigned     number = message_id ? plan_event_number(message_id) : 0;

    if (number == 0 && name != NULL)
        number = plan_event_number(name);
    if (number == 0 && cJSON_IsNumber(own) && own->valuedouble >= 1 &&
        own->valuedouble <= PLAN_EVENTS_MAX)
        number = (unsigned)own->valuedouble;
    return number;
}

static void add_event(struct events *events, const cJSON *event)
{
    struct event_view *added;

    events->items =
        alloc_one_more(events->items, events->count, sizeof events->items[0]);
    added = &events->items[events->count++];
    added->number = number_of(event);
    added->message_id = alloc_text(string_of(event, "messageId"));
    events->ours += added->number > 0;
}

static void add_events(struct events *events, const cJSON *json)
{
    const cJSON *batch = cJSON_GetObjectItemCaseSensitive(json, "batch");
    const cJSON *event;

    if (!cJSON_IsArray(batch)) {
        if (cJSON_IsObject(json))
            add_event(events, json);
        return;
    }
    cJSON_ArrayForEach (event, batch)
        add_event(events, event);
}

static size_t printed_bytes(const cJSON *json)
{
    char  *text = cJSON_PrintUnformatted(json);
    size_t length = text ? strlen(text) : 0;

    cJSON_free(text);
    return length;
}

static size_t largest_bytes(const cJSON *json)
{
    const cJSON *batch = cJSON_GetObjectItemCaseSensitive(json, "batch");
    const cJSON *event;
    size_t       largest = 0;

    if (!cJSON_IsArray(batch))
        return printed_bytes(json);
    cJSON_ArrayForEach (event, batch) {
        size_t bytes = printed_bytes(event);

        if (bytes > largest)
            largest = bytes;
    }
    return largest;
}

static void read_json(struct events *events, const cJSON *json,
                      const struct events_effort *effort)
{
    events->sent_at = alloc_text(string_of(json, "sentAt"));
    add_events(events, json);
    if ((double)events->bytes > effort->measured_from_bytes)
        events->largest_bytes = largest_bytes(json);
}

/* ---- any form ---- */

static void drop_events(struct events *events)
{
    for (size_t i = 0; i < events->count; i++)
        alloc_free(events->items[i].message_id);
    alloc_free(events->items);
    events->items = NULL;
    events->count = 0;
}

/* Events by their marks, in place of what was read: none of ours. */
static void read_marks(struct events *events, const struct bytes *text)
{
    unsigned *numbers = alloc_zero(PLAN_EVENTS_MAX, sizeof numbers[0]);
    size_t    count = marks_find(text, numbers);

    assert(events->ours == 0);
    if (count > 0) {
        drop_events(events);
        events->items = alloc_zero(count, sizeof events->items[0]);
        events->count = events->ours = count;
        for (size_t i = 0; i < count; i++)
            events->items[i].number = numbers[i];
    }
    alloc_free(numbers);
}

/* JSON where the profile's form is that, or any; the only one that is read by
 * more than its marks. */
static void read_text(struct events *events, const struct bytes *text,
                      const struct events_effort *effort)
{
    const struct profile *profile = effort->profile;
    bool                  is_any = PROFILE_OPEN(profile, body_form);
    bool   is_json = PROFILE_IS(profile, body_form, BODY_FORM_JSON);
    cJSON *json = NULL;

    if (is_any || is_json)
        json = body_form_json(bytes_text(text), text->length);
    if (json != NULL)
        read_json(events, json, effort);
    else if (is_any)
        events->body = BODY_OTHER;
    else if (is_json)
        events->body = BODY_NOT_JSON;
    else
        events->body =
            body_form_fits(profile, text) ? BODY_OTHER : BODY_MISSHAPEN;
    if (events->ours == 0 &&
        (events->body == BODY_JSON || events->body == BODY_OTHER))
        read_marks(events, text);
    cJSON_Delete(json);
}

void events_read(struct events *events, const struct attempt *attempt,
                 struct events_effort *effort)
{
    struct bytes text;

    *events = (struct events){0};
    bytes_init(&text, EVENTS_BODY_BYTES_MAX);
    events->body = decode(attempt, &text, effort);
    events->bytes = text.length;
    if (events->body == BODY_JSON && has_too_many_values(&text))
        events->body = BODY_ENDLESS;
    else if (events->body == BODY_JSON)
        read_text(events, &text, effort);
    if (effort->write_key != NULL && text.length > 0)
        events->has_key = marks_have_field(
            &text, effort->profile->credential_name, effort->write_key);
    bytes_clear(&text);
}

bool events_are_known(const struct events *events)
{
    return events->body == BODY_JSON ||
           (events->body == BODY_OTHER && events->ours > 0);
}

void events_clear(struct events *events)
{
    drop_events(events);
    alloc_free(events->sent_at);
    *events = (struct events){0};
}

size_t events_numbers(const struct attempt *attempt,
                      const struct profile *profile, unsigned *numbers,
                      size_t max, size_t *unpack_bytes)
{
    struct events_effort effort = {profile, *unpack_bytes, INFINITY, NULL};
    struct events        events;
    size_t               count = 0;

    events_read(&events, attempt, &effort);
    *unpack_bytes = effort.unpack_bytes;
    for (size_t i = 0; i < events.count && count < max; i++)
        if (events.items[i].number > 0)
            numbers[count++] = events.items[i].number;
    events_clear(&events);
    return count;
}

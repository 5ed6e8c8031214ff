/* SPDX-License-Identifier: Apache-2.0 */
#include "client/event.h"

#include "client/verbatim.h"
#include "common/alloc.h"
#include "common/bytes.h"
#include "common/clock.h"
#include "common/text.h"

#include <assert.h>
#include <cJSON.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const char *const event_types[] = {"track",  "identify", "page",
                                          "screen", "group",    "alias"};
enum { EVENT_TYPE_COUNT = sizeof event_types / sizeof event_types[0] };
/* Room for messageId and timestamp, names and all. */
enum { FIELDS_ADDED_MAX = 128 };

char *event_stamp(char buffer[EVENT_STAMP_MAX], int64_t wall_ns)
{
    time_t    seconds = (time_t)(wall_ns / NS_PER_S);
    int       ms = (int)(wall_ns % NS_PER_S / NS_PER_MS);
    struct tm utc;
    size_t    length;

    gmtime_r(&seconds, &utc);
    length = strftime(buffer, EVENT_STAMP_MAX, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(buffer + length, EVENT_STAMP_MAX - length, ".%03dZ", ms);
    return buffer;
}

char *event_uuid(char buffer[EVENT_UUID_MAX], struct rng *rng)
{
    uint64_t high = rng_next(rng);
    uint64_t low = rng_next(rng);

    snprintf(buffer, EVENT_UUID_MAX,
             "%08" PRIx64 "-%04" PRIx64 "-4%03" PRIx64 "-%04" PRIx64
             "-%012" PRIx64,
             high >> 32, high >> 16 & 0xffff, high & 0xfff,
             (low >> 48 & 0x3fff) | 0x8000, low & UINT64_C(0xffffffffffff));
    return buffer;
}

static bool check_type(const cJSON *json, struct err *err)
{
    const cJSON *type = cJSON_GetObjectItemCaseSensitive(json, "type");
    const char  *text = cJSON_GetStringValue(type);

    if (text == NULL)
        return err_set(err, ERR_USAGE, "event.type",
                       "found no string, allowed track, identify, page, "
                       "screen, group or alias");
    for (size_t i = 0; i < EVENT_TYPE_COUNT; i++)
        if (strcmp(text, event_types[i]) == 0)
            return true;
    return err_set(err, ERR_USAGE, "event.type",
                   "found \"%.40s\", allowed track, identify, page, screen, "
                   "group or alias",
                   text);
}

/* Well written, but more than a double holds: many a parser refuses the whole
 * body for one. cJSON bounds the depth. */
static bool check_numbers(const cJSON *json, struct err *err)
{
    const cJSON *child;

    if (cJSON_IsNumber(json) && isinf(json->valuedouble))
        return err_set(err, ERR_USAGE, "event",
                       "found a number beyond what a double holds");
    cJSON_ArrayForEach (child, json)
        if (!check_numbers(child, err))
            return false;
    return true;
}

/* Before the closing brace, and after the type that is there. */
static void add_field(struct bytes *text, const char *name, const char *value)
{
    assert(text->length > 0 && text->data[text->length - 1] == '}');
    text->length--;
    bytes_format(text, ",\"%s\":\"%s\"}", name, value);
}

static void add_missing(const cJSON *json, struct rng *rng, int64_t wall_ns,
                        struct bytes *text)
{
    char uuid[EVENT_UUID_MAX];
    char stamp[EVENT_STAMP_MAX];

    if (!cJSON_GetObjectItemCaseSensitive(json, "messageId"))
        add_field(text, "messageId", event_uuid(uuid, rng));
    if (!cJSON_GetObjectItemCaseSensitive(json, "timestamp"))
        add_field(text, "timestamp", event_stamp(stamp, wall_ns));
}

/* The event takes the text, unless it is too large. */
static struct event *event_take(struct bytes *text, size_t bytes_max,
                                struct err *err)
{
    struct event *event;

    if (text->length > bytes_max) {
        err_set(err, ERR_USAGE, "event", "found %zu bytes, allowed %zu",
                text->length, bytes_max);
        return NULL;
    }
    event = alloc_zero(1, sizeof *event);
    event->length_bytes = text->length;
    event->json = bytes_take(text);
    return event;
}

struct event *event_new(const char *json_text, size_t bytes_max,
                        struct rng *rng, int64_t wall_ns, struct err *err)
{
    struct event *event = NULL;
    cJSON        *json = NULL;
    struct bytes  text;

    bytes_init(&text, strlen(json_text) + FIELDS_ADDED_MAX);
    /* Other bytes would make the whole batch unreadable, not just this. */
    if (!text_is_utf8(json_text, strlen(json_text)))
        err_set(err, ERR_USAGE, "event", "found bytes that are not UTF-8");
    else if (!cJSON_IsObject(json = cJSON_ParseWithOpts(json_text, NULL, true)))
        err_set(err, ERR_USAGE, "event", "found no JSON object");
    else if (check_type(json, err) && check_numbers(json, err) &&
             verbatim_copy(json_text, &text, err)) {
        add_missing(json, rng, wall_ns, &text);
        event = event_take(&text, bytes_max, err);
    }
    bytes_clear(&text);
    cJSON_Delete(json);
    return event;
}

void event_free(struct event *event)
{
    if (event == NULL)
        return;
    alloc_free(event->json);
    alloc_free(event);
}

void event_list_add(struct event_list *list, struct event *event)
{
    assert(event->length_bytes > 0);
    assert((list->first == NULL) == (list->count == 0));
    event->next = NULL;
    if (list->first == NULL)
        list->first = event;
    else
        list->last->next = event;
    list->last = event;
    list->count++;
    list->bytes += event->length_bytes + 1;
}

struct event *event_list_take(struct event_list *list)
{
    struct event *event = list->first;

    assert(event != NULL && list->bytes > event->length_bytes);
    list->first = event->next;
    list->count--;
    list->bytes -= event->length_bytes + 1;
    return event;
}

void event_list_clear(struct event_list *list)
{
    while (list->first != NULL)
        event_free(event_list_take(list));
    assert(list->count == 0 && list->bytes == 0);
}

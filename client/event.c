#include "client/event.h"

#include "common/alloc.h"
#include "common/clock.h"
#include "common/text.h"

#include <cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const char *const event_types[] = {"track",  "identify", "page",
                                          "screen", "group",    "alias"};
enum { EVENT_TYPE_COUNT = sizeof event_types / sizeof event_types[0] };

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

static void add_missing(cJSON *json, struct rng *rng, int64_t wall_ns)
{
    char uuid[EVENT_UUID_MAX];
    char stamp[EVENT_STAMP_MAX];

    if (!cJSON_GetObjectItemCaseSensitive(json, "messageId"))
        cJSON_AddStringToObject(json, "messageId", event_uuid(uuid, rng));
    if (!cJSON_GetObjectItemCaseSensitive(json, "timestamp"))
        cJSON_AddStringToObject(json, "timestamp", event_stamp(stamp, wall_ns));
}

static struct event *event_print(const cJSON *json, size_t bytes_max,
                                 struct err *err)
{
    char         *text = cJSON_PrintUnformatted(json);
    size_t        length = text ? strlen(text) : 0;
    struct event *event = NULL;

    if (text == NULL) {
        err_set(err, ERR_USAGE, "event", "cannot be written as JSON");
    } else if (length > bytes_max) {
        err_set(err, ERR_USAGE, "event", "found %zu bytes, allowed %zu",
                length, bytes_max);
    } else {
        event = alloc_zero(1, sizeof *event);
        event->json = alloc_text_n(text, length);
        event->length_bytes = length;
    }
    cJSON_free(text);
    return event;
}

struct event *event_new(const char *text, size_t bytes_max, struct rng *rng,
                        int64_t wall_ns, struct err *err)
{
    struct event *event = NULL;
    cJSON        *json = NULL;

    /* Other bytes would make the whole batch unreadable, not just this. */
    if (!text_is_utf8(text, strlen(text)))
        err_set(err, ERR_USAGE, "event", "found bytes that are not UTF-8");
    else if (!cJSON_IsObject(json = cJSON_ParseWithOpts(text, NULL, true)))
        err_set(err, ERR_USAGE, "event", "found no JSON object");
    else if (check_type(json, err)) {
        add_missing(json, rng, wall_ns);
        event = event_print(json, bytes_max, err);
    }
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

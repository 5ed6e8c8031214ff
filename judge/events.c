/* SPDX-License-Identifier: Apache-2.0 */
/* zlib then takes its input as const, as the house hands it. */
#define ZLIB_CONST

#include "judge/events.h"

#include "common/alloc.h"
#include "common/bytes.h"
#include "common/text.h"

#include <assert.h>
#include <cJSON.h>
#include <math.h>
#include <string.h>
#include <zlib.h>

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

/* ---- gzip ---- */

/* All members of the stream, as RFC 1952 allows several. False: it is no such
 * stream, or there is no room for more of it. */
static bool inflate_all(z_stream *stream, struct bytes *out, bool *full)
{
    unsigned char chunk[16384];
    int           state = Z_OK;

    while (state != Z_STREAM_END || stream->avail_in > 0) {
        if (state == Z_STREAM_END && inflateReset(stream) != Z_OK)
            return false;
        stream->next_out = chunk;
        stream->avail_out = sizeof chunk;
        state = inflate(stream, Z_NO_FLUSH);
        if (state != Z_OK && state != Z_STREAM_END)
            return false;
        *full = !bytes_append(out, chunk, sizeof chunk - stream->avail_out);
        if (*full)
            return false;
    }
    return true;
}

static enum body_kind gunzip(const struct attempt *attempt, struct bytes *out)
{
    enum { GZIP_ONLY = 16 };
    z_stream stream = {0};
    bool     full = false;
    bool     whole;

    if (inflateInit2(&stream, MAX_WBITS + GZIP_ONLY) != Z_OK)
        return BODY_BAD_GZIP;
    stream.next_in = (const Bytef *)attempt->body;
    stream.avail_in = (uInt)attempt->body_kept_bytes;
    whole = inflate_all(&stream, out, &full);
    inflateEnd(&stream);
    return whole ? BODY_JSON : full ? BODY_ENDLESS : BODY_BAD_GZIP;
}

/* What was unpacked is charged, whatever it is. */
static enum body_kind unpack(const struct attempt *attempt, struct bytes *text,
                             struct events_effort *effort)
{
    enum body_kind kind;

    if (effort->unpack_bytes < EVENTS_BODY_BYTES_MAX)
        return BODY_UNREAD;
    kind = gunzip(attempt, text);
    assert(text->length <= effort->unpack_bytes);
    effort->unpack_bytes -= text->length;
    return kind;
}

/* Fills text with the body as it was before any encoding. */
static enum body_kind decode(const struct attempt *attempt, struct bytes *text,
                             struct events_effort *effort)
{
    const char *encoding = header_get(&attempt->headers, "Content-Encoding", 0);

    if (attempt->body_ns == TIME_NEVER ||
        attempt->body_kept_bytes < attempt->body_bytes)
        return BODY_PART;
    if (attempt->body_kept_bytes == 0)
        return BODY_EMPTY;
    if (encoding == NULL || encoding[0] == '\0' ||
        text_equal_nocase(encoding, "identity")) {
        bytes_append(text, attempt->body, attempt->body_kept_bytes);
        return BODY_JSON;
    }
    if (!text_equal_nocase(encoding, "gzip") &&
        !text_equal_nocase(encoding, "x-gzip"))
        return BODY_ENCODED;
    return unpack(attempt, text, effort);
}

/* ---- JSON ---- */

static bool has_too_many_values(const struct bytes *text)
{
    size_t commas = 0;

    for (size_t i = 0; i < text->length; i++)
        commas += text->data[i] == ',';
    return commas > EVENTS_COMMAS_MAX;
}

/* The whole text as one JSON value, or NULL. */
static cJSON *parse(const struct bytes *text)
{
    const char *end = NULL;
    cJSON      *json;

    if (!text_is_utf8(bytes_text(text), text->length))
        return NULL;
    json =
        cJSON_ParseWithLengthOpts(bytes_text(text), text->length, &end, false);
    if (json == NULL)
        return NULL;
    end += strspn(end, " \t\r\n");
    if (end != text->data + text->length) {
        cJSON_Delete(json);
        return NULL;
    }
    return json;
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

/* The body as JSON; NULL, and why, when it is none. */
static cJSON *read_body(const struct attempt *attempt,
                        struct events_effort *effort, struct events *events)
{
    struct bytes text;
    cJSON       *json = NULL;

    bytes_init(&text, EVENTS_BODY_BYTES_MAX);
    events->body = decode(attempt, &text, effort);
    events->bytes = text.length;
    if (events->body == BODY_JSON && has_too_many_values(&text)) {
        events->body = BODY_ENDLESS;
    } else if (events->body == BODY_JSON) {
        json = parse(&text);
        if (json == NULL)
            events->body = BODY_NOT_JSON;
    }
    bytes_clear(&text);
    return json;
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

void events_read(struct events *events, const struct attempt *attempt,
                 struct events_effort *effort)
{
    cJSON *json;

    *events = (struct events){0};
    json = read_body(attempt, effort, events);
    if (json == NULL)
        return;
    events->sent_at = alloc_text(string_of(json, "sentAt"));
    add_events(events, json);
    if ((double)events->bytes > effort->measured_from_bytes)
        events->largest_bytes = largest_bytes(json);
    cJSON_Delete(json);
}

void events_clear(struct events *events)
{
    for (size_t i = 0; i < events->count; i++)
        alloc_free(events->items[i].message_id);
    alloc_free(events->sent_at);
    alloc_free(events->items);
    *events = (struct events){0};
}

size_t events_numbers(const struct attempt *attempt, unsigned *numbers,
                      size_t max, size_t *unpack_bytes)
{
    struct events_effort effort = {*unpack_bytes, INFINITY};
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

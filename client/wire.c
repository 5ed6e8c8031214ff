/* SPDX-License-Identifier: Apache-2.0 */
#include "client/wire.h"

#include "client/values.h"

#include "common/alloc.h"
#include "common/base64.h"

#include <assert.h>
#include <curl/curl.h>
#include <string.h>

static const char *const key_words[] = {
    [WIRE_KEY_BASIC] = "basic",   [WIRE_KEY_NONE] = "none",
    [WIRE_KEY_BEARER] = "bearer", [WIRE_KEY_HEADER] = "header",
    [WIRE_KEY_QUERY] = "query",   [WIRE_KEY_BODY] = "body-field",
};

static const struct {
    const char *word;
    const char *type;
} forms[] = {
    [WIRE_JSON] = {"json", "application/json"},
    [WIRE_NDJSON] = {"ndjson", "application/x-ndjson"},
    [WIRE_FORM] = {"form", "application/x-www-form-urlencoded"},
    [WIRE_PROTOBUF] = {"protobuf", "application/x-protobuf"},
    [WIRE_MSGPACK] = {"msgpack", "application/msgpack"},
};

static void read_key(struct wire *wire, const cJSON *values)
{
    for (size_t i = 0; i < sizeof key_words / sizeof key_words[0]; i++)
        if (values_say(values, "authorization", key_words[i]))
            wire->key = (enum wire_key)i;
    wire->key_name = alloc_text(values_text(values, "credential_name"));
    if (wire->key >= WIRE_KEY_HEADER && wire->key_name == NULL)
        wire->key = WIRE_KEY_NONE;
}

/* The form's own type, unless the ingest takes others alone: then its first. */
static void read_form(struct wire *wire, const cJSON *values)
{
    const cJSON *types = values_get(values, "content_types");
    const char  *first = cJSON_GetStringValue(cJSON_GetArrayItem(types, 0));
    const cJSON *type;

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if (values_say(values, "body_form", forms[i].word))
            wire->form = (enum wire_form)i;
    wire->type = alloc_text(first ? first : forms[wire->form].type);
    cJSON_ArrayForEach (type, types) {
        if (cJSON_IsString(type) &&
            strcmp(type->valuestring, forms[wire->form].type) == 0) {
            alloc_free(wire->type);
            wire->type = alloc_text(forms[wire->form].type);
        }
    }
}

void wire_read(struct wire *wire, const char *profile)
{
    cJSON      *values = profile != NULL ? cJSON_Parse(profile) : NULL;
    const char *path = values_text(values, "path");
    const char *header = values_text(values, "attempt_header");
    double      bytes = 0;

    *wire = (struct wire){.path = alloc_text(path ? path : "/v1/batch")};
    read_key(wire, values);
    read_form(wire, values);
    wire->puts = values_say(values, "method", "PUT");
    wire->count_header = alloc_text(values != NULL ? header : "X-Retry-Count");
    wire->counts_first =
        values != NULL && !values_say(values, "attempt_first", "absent");
    wire->counts_from_one = values_say(values, "attempt_first", "one");
    values_take_number(values, "event_bytes_max", &bytes);
    wire->event_bytes_max = (int64_t)bytes;
    cJSON_Delete(values);
}

void wire_clear(struct wire *wire)
{
    alloc_free(wire->path);
    alloc_free(wire->key_name);
    alloc_free(wire->type);
    alloc_free(wire->count_header);
    *wire = (struct wire){0};
}

char *wire_url(const struct wire *wire, const char *base, const char *write_key)
{
    char *escaped;
    char *url;

    if (wire->key != WIRE_KEY_QUERY)
        return alloc_format("%s%s", base, wire->path);
    escaped = curl_easy_escape(NULL, write_key, 0);
    url = alloc_format("%s%s?%s=%s", base, wire->path, wire->key_name, escaped);
    curl_free(escaped);
    return url;
}

char *wire_authorization(const struct wire *wire, const char *write_key)
{
    char *pair;
    char *coded;
    char *value;

    if (wire->key == WIRE_KEY_BEARER)
        return alloc_format("Bearer %s", write_key);
    if (wire->key != WIRE_KEY_BASIC)
        return NULL;
    pair = alloc_format("%s:", write_key);
    coded = base64_encode(pair, strlen(pair));
    value = alloc_format("Basic %s", coded);
    alloc_free(coded);
    alloc_free(pair);
    return value;
}

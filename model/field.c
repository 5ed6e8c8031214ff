/* SPDX-License-Identifier: Apache-2.0 */
#include "model/field.h"

#include "common/alloc.h"
#include "common/base64.h"
#include "common/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { NAME_MAX_BYTES = 64, FOUND_MAX = 80, WORDS_MAX = 512 };

static const cJSON *item_of(const struct field_source *source, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(source->object, name);
}

/* A short picture of what was found, for an error. */
static const char *picture(const cJSON *item, char buffer[FOUND_MAX])
{
    if (item == NULL)
        return "nothing";
    if (cJSON_IsString(item))
        snprintf(buffer, FOUND_MAX, "\"%.60s\"", item->valuestring);
    else if (cJSON_IsNumber(item))
        snprintf(buffer, FOUND_MAX, "%.17g", item->valuedouble);
    else
        snprintf(buffer, FOUND_MAX, "%s",
                 cJSON_IsNull(item)     ? "null"
                 : cJSON_IsBool(item)   ? "a boolean"
                 : cJSON_IsArray(item)  ? "a list"
                 : cJSON_IsObject(item) ? "an object"
                                        : "something else");
    return buffer;
}

bool field_wrong(const struct field_source *source, const char *name,
                 const char *allowed)
{
    char buffer[FOUND_MAX];

    return err_set(source->err, ERR_USAGE, source->place,
                   "%s: found %s, allowed is %s", name,
                   picture(item_of(source, name), buffer), allowed);
}

bool field_int(const struct field_source *source, const char *name, int64_t min,
               int64_t max, int64_t *value)
{
    const cJSON *item = item_of(source, name);
    char         allowed[FOUND_MAX];
    double       number = cJSON_IsNumber(item) ? item->valuedouble : NAN;

    if (number >= (double)min && number <= (double)max &&
        floor(number) == number) {
        *value = (int64_t)number;
        return true;
    }
    snprintf(allowed, sizeof allowed, "an integer from %lld to %lld",
             (long long)min, (long long)max);
    return field_wrong(source, name, allowed);
}

bool field_unsigned(const struct field_source *source, const char *name,
                    unsigned *value)
{
    int64_t number;

    if (!field_int(source, name, 0, UINT32_MAX, &number))
        return false;
    *value = (unsigned)number;
    return true;
}

bool field_number(const struct field_source *source, const char *name,
                  double min, double max, double *value)
{
    const cJSON *item = item_of(source, name);
    char         allowed[FOUND_MAX];
    double       number = cJSON_IsNumber(item) ? item->valuedouble : NAN;

    if (number >= min && number <= max) {
        *value = number;
        return true;
    }
    snprintf(allowed, sizeof allowed, "a number from %g to %g", min, max);
    return field_wrong(source, name, allowed);
}

bool field_bool(const struct field_source *source, const char *name,
                bool *value)
{
    const cJSON *item = item_of(source, name);

    if (!cJSON_IsBool(item))
        return field_wrong(source, name, "true or false");
    *value = cJSON_IsTrue(item);
    return true;
}

bool field_list(const struct field_source *source, const char *name,
                const cJSON **list)
{
    *list = item_of(source, name);
    if (!cJSON_IsArray(*list))
        return field_wrong(source, name, "a list");
    return true;
}

bool field_object(const struct field_source *source, const char *name,
                  struct field_source *inner)
{
    *inner = *source;
    inner->object = item_of(source, name);
    if (!cJSON_IsObject(inner->object))
        return field_wrong(source, name, "an object");
    return true;
}

bool field_word(const struct field_source *source, const char *name,
                const char *const *words, size_t count, size_t *index)
{
    const cJSON *item = item_of(source, name);
    char         allowed[WORDS_MAX] = "one of:";
    size_t       used = strlen(allowed);

    for (size_t i = 0; i < count; i++) {
        if (cJSON_IsString(item) && strcmp(item->valuestring, words[i]) == 0) {
            *index = i;
            return true;
        }
        if (used < sizeof allowed)
            used += (size_t)snprintf(allowed + used, sizeof allowed - used,
                                     " %s", words[i]);
    }
    return field_wrong(source, name, allowed);
}

/* ---- text and bytes ---- */

static const char *encoded_name(const char *name, char buffer[NAME_MAX_BYTES])
{
    snprintf(buffer, NAME_MAX_BYTES, "%s_base64", name);
    return buffer;
}

static bool decode(const struct field_source *source, const char *name,
                   size_t max, char **data, size_t *length_bytes)
{
    const cJSON *item = item_of(source, name);
    struct bytes decoded;
    bool         whole;

    if (!cJSON_IsString(item))
        return field_wrong(source, name, "Base64");
    bytes_init(&decoded, max);
    whole = base64_decode(item->valuestring, &decoded) && !decoded.truncated;
    if (whole) {
        *length_bytes = decoded.length;
        *data = bytes_take(&decoded);
    }
    bytes_clear(&decoded);
    return whole || field_wrong(source, name, "Base64 of what was sent");
}

bool field_bytes(const struct field_source *source, const char *name,
                 size_t max, char **data, size_t *length_bytes)
{
    const cJSON *item = item_of(source, name);
    char         encoded[NAME_MAX_BYTES];

    alloc_free(*data);
    *data = NULL;
    *length_bytes = 0;
    if (item == NULL && item_of(source, encoded_name(name, encoded)) != NULL)
        return decode(source, encoded, max, data, length_bytes);
    if (cJSON_IsNull(item))
        return true;
    if (!cJSON_IsString(item))
        return field_wrong(source, name, "a string or null");
    *length_bytes = strlen(item->valuestring);
    if (*length_bytes > max) {
        *length_bytes = 0;
        return field_wrong(source, name, "a string that is not so long");
    }
    *data = alloc_text(item->valuestring);
    return true;
}

bool field_text(const struct field_source *source, const char *name,
                char **text)
{
    size_t length_bytes;

    return field_bytes(source, name, SIZE_MAX / 2, text, &length_bytes);
}

bool field_said(const struct field_source *source, const char *name,
                char **text)
{
    return field_text(source, name, text) &&
           (*text != NULL || field_wrong(source, name, "a string"));
}

void field_put_bytes(cJSON *object, const char *name, const char *data,
                     size_t length_bytes)
{
    char  encoded[NAME_MAX_BYTES];
    char *text;

    if (data == NULL) {
        cJSON_AddNullToObject(object, name);
    } else if (text_is_utf8(data, length_bytes) &&
               (length_bytes == 0 || memchr(data, 0, length_bytes) == NULL)) {
        text = alloc_text_n(data, length_bytes);
        cJSON_AddStringToObject(object, name, text);
        alloc_free(text);
    } else {
        text = base64_encode(data, length_bytes);
        cJSON_AddStringToObject(object, encoded_name(name, encoded), text);
        alloc_free(text);
    }
}

void field_put_text(cJSON *object, const char *name, const char *text)
{
    field_put_bytes(object, name, text, text == NULL ? 0 : strlen(text));
}

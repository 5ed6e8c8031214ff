/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/json_value.h"

#include "common/alloc.h"
#include "common/clock.h"

#include <string.h>

enum { JSON_WORDS_MAX = 4096 }; /* bytes of a client's own words */

void json_add_line(struct mask *mask, cJSON *object, const char *name,
                   const char *text)
{
    char *masked;

    if (text == NULL) {
        cJSON_AddNullToObject(object, name);
        return;
    }
    masked = mask_line(mask, text);
    cJSON_AddStringToObject(object, name, masked);
    alloc_free(masked);
}

void json_add_words(struct mask *mask, cJSON *object, const char *name,
                    const char *text)
{
    struct bytes line;

    if (text == NULL) {
        cJSON_AddNullToObject(object, name);
        return;
    }
    bytes_init(&line, 2 * JSON_WORDS_MAX);
    mask_add_short(mask, text, JSON_WORDS_MAX, &line);
    cJSON_AddStringToObject(object, name, bytes_text(&line));
    bytes_clear(&line);
}

void json_add_block(struct mask *mask, cJSON *object, const char *name,
                    const char *text)
{
    char *masked;

    if (text == NULL) {
        cJSON_AddNullToObject(object, name);
        return;
    }
    masked = mask_block(mask, text, strlen(text));
    cJSON_AddStringToObject(object, name, masked);
    alloc_free(masked);
}

double json_to_ms(int64_t time_ns)
{
    return (double)(time_ns / NS_PER_US) / 1000.0;
}

void json_add_time(cJSON *object, const char *name, int64_t time_ns)
{
    if (time_ns == TIME_NEVER)
        cJSON_AddNullToObject(object, name);
    else
        cJSON_AddNumberToObject(object, name, json_to_ms(time_ns));
}

void json_add_headers(struct mask *mask, cJSON *object, const char *name,
                      const struct header_list *headers)
{
    cJSON *list = cJSON_AddArrayToObject(object, name);

    for (size_t i = 0; i < headers->count; i++) {
        cJSON *pair = cJSON_CreateArray();
        char  *field = mask_line(mask, headers->items[i].name);
        char  *value = mask_header(mask, &headers->items[i]);

        cJSON_AddItemToArray(pair, cJSON_CreateString(field));
        cJSON_AddItemToArray(pair, cJSON_CreateString(value));
        cJSON_AddItemToArray(list, pair);
        alloc_free(field);
        alloc_free(value);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/json_value.h"

#include "common/alloc.h"
#include "common/clock.h"
#include "reports/raw.h"

#include <assert.h>
#include <string.h>

enum { JSON_WORDS_MAX = 4096 }; /* bytes of a client's own words */

/* Takes the text. */
static void add_taken(cJSON *object, const char *name, char *text)
{
    if (text == NULL)
        cJSON_AddNullToObject(object, name);
    else
        cJSON_AddStringToObject(object, name, text);
    alloc_free(text);
}

void json_add_line(struct mask *mask, cJSON *object, const char *name,
                   const char *text)
{
    add_taken(object, name, text ? mask_line(mask, text) : NULL);
}

void json_add_words(struct mask *mask, cJSON *object, const char *name,
                    const char *text)
{
    struct bytes line;

    bytes_init(&line, 2 * JSON_WORDS_MAX);
    if (text != NULL)
        mask_add_short(mask, text, JSON_WORDS_MAX, &line);
    add_taken(object, name, text ? bytes_take(&line) : NULL);
}

void json_add_block(struct mask *mask, cJSON *object, const char *name,
                    const char *text)
{
    add_taken(object, name, text ? mask_block(mask, text, strlen(text)) : NULL);
}

void json_add_raw(struct mask *mask, cJSON *object, const char *raw,
                  size_t raw_bytes)
{
    if (raw != NULL)
        add_taken(object, "raw", raw_line(mask, raw, raw_bytes));
}

void json_add_item(cJSON *list, char *text)
{
    assert(cJSON_IsArray(list) && text != NULL);
    cJSON_AddItemToArray(list, cJSON_CreateString(text));
    alloc_free(text);
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

        json_add_item(pair, mask_line(mask, headers->items[i].name));
        json_add_item(pair, mask_header(mask, &headers->items[i]));
        cJSON_AddItemToArray(list, pair);
    }
}

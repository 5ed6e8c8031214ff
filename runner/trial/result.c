/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trial/result.h"

#include "common/alloc.h"
#include "common/bytes.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Objects that are nested and never closed are read again from each brace; a
 * hostile client may print nothing else. What is long in a result of 4 MB may
 * still lie three deep. */
enum { PARSED_BYTES_MAX = 4 * RESULT_BYTES_MAX };

static bool only_space(const char *text, const char *end)
{
    while (text < end && isspace((unsigned char)*text))
        text++;
    return text == end;
}

static bool starts_line(const char *text, const char *at)
{
    while (at > text && (at[-1] == ' ' || at[-1] == '\t'))
        at--;
    return at == text || at[-1] == '\n';
}

/* The last object that reaches the end; failing that, the last that starts a
 * line (some clients log a line more afterwards). */
static cJSON *last_object(const char *text, size_t length)
{
    const char *end = text + length;
    cJSON      *last_line = NULL;
    size_t      parsed_bytes = 0;

    for (const char *at = end;
         at-- > text && parsed_bytes < PARSED_BYTES_MAX;) {
        const char *stop = at;
        cJSON      *json;

        if (*at != '{')
            continue;
        json = cJSON_ParseWithLengthOpts(at, (size_t)(end - at), &stop, false);
        parsed_bytes += (size_t)(stop - at) + 1;
        if (json != NULL && only_space(stop, end)) {
            cJSON_Delete(last_line);
            return json;
        }
        if (json != NULL && last_line == NULL && starts_line(text, at) &&
            cJSON_HasObjectItem(json, "success"))
            last_line = json;
        else
            cJSON_Delete(json);
    }
    return last_line;
}

static void take_capabilities(struct result *result, const cJSON *list)
{
    const cJSON *item;
    struct bytes words;

    bytes_init(&words, RESULT_BYTES_MAX);
    cJSON_ArrayForEach (item, list) {
        if (cJSON_IsString(item))
            bytes_format(&words, "%s%s", words.length > 0 ? " " : "",
                         item->valuestring);
    }
    if (words.length > 0)
        result->capabilities = bytes_take(&words);
    bytes_clear(&words);
}

/* False: the object tells no success. */
static bool take_object(struct result *result, const cJSON *json)
{
    const cJSON *success = cJSON_GetObjectItemCaseSensitive(json, "success");
    const cJSON *error = cJSON_GetObjectItemCaseSensitive(json, "error");

    *result = (struct result){.found = cJSON_IsBool(success)};
    if (!result->found)
        return false;
    result->success = cJSON_IsTrue(success);
    if (cJSON_IsString(error))
        result->error = alloc_text(error->valuestring);
    take_capabilities(result,
                      cJSON_GetObjectItemCaseSensitive(json, "capabilities"));
    return true;
}

void result_parse_line(struct result *result, const char *line,
                       size_t length_bytes)
{
    const char *stop = NULL;
    cJSON *json = cJSON_ParseWithLengthOpts(line, length_bytes, &stop, false);

    if (json == NULL || !only_space(stop, line + length_bytes))
        *result = (struct result){
            .trouble = alloc_text("the line it printed is no JSON value")};
    else if (!take_object(result, json))
        result->trouble = alloc_text("its line has no \"success\" that is "
                                     "true or false");
    cJSON_Delete(json);
}

void result_parse(struct result *result, const char *text, size_t length_bytes)
{
    cJSON *json = last_object(text, length_bytes);

    if (take_object(result, json)) {
        cJSON_Delete(json);
        return;
    }
    if (json != NULL) {
        result->trouble = alloc_text("its last JSON value on stdout has no "
                                     "\"success\" that is true or false");
    } else if (only_space(text, text + length_bytes)) {
        result->trouble = alloc_text("it printed nothing on stdout");
    } else {
        result->trouble =
            alloc_text("what it printed on stdout ends in no JSON value");
    }
    cJSON_Delete(json);
}

void result_clear(struct result *result)
{
    alloc_free(result->capabilities);
    alloc_free(result->error);
    alloc_free(result->trouble);
    *result = (struct result){0};
}

#include "runner/result.h"

#include "common/alloc.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* A hostile client may print nothing but braces; only so many are tried, and
 * only this far from the end. */
enum { CANDIDATES_MAX = 2000, SEARCHED_BYTES_MAX = 256 << 10 };

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
    const char *from =
        length > SEARCHED_BYTES_MAX ? end - SEARCHED_BYTES_MAX : text;
    cJSON *last_line = NULL;
    int    tried = 0;

    for (const char *at = end; at-- > from && tried < CANDIDATES_MAX;) {
        const char *stop = NULL;
        cJSON      *json;

        if (*at != '{')
            continue;
        tried++;
        json = cJSON_ParseWithLengthOpts(at, (size_t)(end - at), &stop, false);
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

    cJSON_ArrayForEach(item, list)
    {
        if (!cJSON_IsString(item))
            continue;
        result->capabilities =
            alloc_grow(result->capabilities, result->capability_count + 1,
                       sizeof result->capabilities[0]);
        result->capabilities[result->capability_count++] =
            alloc_text(item->valuestring);
    }
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
    take_capabilities(result, cJSON_GetObjectItemCaseSensitive(
                                  json, "capabilities"));
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

void result_parse(struct result *result, const char *text,
                  size_t length_bytes)
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
    for (size_t i = 0; i < result->capability_count; i++)
        alloc_free(result->capabilities[i]);
    alloc_free(result->capabilities);
    alloc_free(result->error);
    alloc_free(result->trouble);
    *result = (struct result){0};
}

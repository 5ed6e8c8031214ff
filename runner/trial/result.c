/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trial/result.h"

#include "common/alloc.h"
#include "common/bytes.h"

#include <cJSON.h>
#include <ctype.h>

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

static char *join_capabilities(const cJSON *list)
{
    const cJSON *item;
    struct bytes words;

    bytes_init(&words, RESULT_BYTES_MAX);
    cJSON_ArrayForEach (item, list) {
        if (cJSON_IsString(item))
            bytes_format(&words, "%s%s", words.length > 0 ? " " : "",
                         item->valuestring);
    }
    return words.length > 0 ? bytes_take(&words) : NULL;
}

/* False: the object tells no success. */
static bool take_object(struct client_outcome *outcome, const cJSON *json)
{
    const cJSON *success = cJSON_GetObjectItemCaseSensitive(json, "success");
    const cJSON *error = cJSON_GetObjectItemCaseSensitive(json, "error");

    outcome->has_result = cJSON_IsBool(success);
    outcome->success = cJSON_IsTrue(success);
    if (outcome->has_result && cJSON_IsString(error))
        outcome->error = alloc_text(error->valuestring);
    if (outcome->has_result)
        outcome->capabilities = join_capabilities(
            cJSON_GetObjectItemCaseSensitive(json, "capabilities"));
    return outcome->has_result;
}

bool result_parse_line(struct client_outcome *outcome, const char *line,
                       size_t length_bytes)
{
    const char *stop = NULL;
    cJSON *json = cJSON_ParseWithLengthOpts(line, length_bytes, &stop, false);

    if (json == NULL || !only_space(stop, line + length_bytes))
        outcome->trouble = alloc_text("the line it printed is no JSON value");
    else if (!take_object(outcome, json))
        outcome->trouble = alloc_text("its line has no \"success\" that is "
                                      "true or false");
    cJSON_Delete(json);
    return outcome->has_result;
}

bool result_parse(struct client_outcome *outcome, const char *text,
                  size_t length_bytes)
{
    cJSON *json = last_object(text, length_bytes);

    if (!take_object(outcome, json))
        outcome->trouble = alloc_text(
            json != NULL ? "its last JSON value on stdout has no \"success\" "
                           "that is true or false"
            : only_space(text, text + length_bytes)
                ? "it printed nothing on stdout"
                : "what it printed on stdout ends in no JSON value");
    cJSON_Delete(json);
    return outcome->has_result;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/cli_job.h"

#include "common/alloc.h"
#include "common/text.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PLACE_MAX = 96, FOUND_MAX = 64, DELAY_MS_MAX = 360000000 };

/* A field's value, for "found ...". */
static const char *found(char buffer[FOUND_MAX], const cJSON *item)
{
    if (item == NULL)
        return "nothing";
    if (cJSON_IsNull(item))
        return "null";
    if (cJSON_IsBool(item))
        return cJSON_IsTrue(item) ? "true" : "false";
    if (cJSON_IsArray(item))
        return "an array";
    if (cJSON_IsObject(item))
        return "an object";
    if (cJSON_IsString(item))
        snprintf(buffer, FOUND_MAX, "\"%.40s\"", item->valuestring);
    else
        snprintf(buffer, FOUND_MAX, "%.15g", item->valuedouble);
    return buffer;
}

static bool wrong(struct err *err, const char *place, const cJSON *item,
                  const char *allowed)
{
    char buffer[FOUND_MAX];

    return err_set(err, ERR_USAGE, place, "found %s, allowed %s",
                   found(buffer, item), allowed);
}

/* An object, in which only these names may be, each once. */
static bool check_object(const cJSON *object, const char *place,
                         const char *const *names, size_t count,
                         struct err *err)
{
    const cJSON *item;

    if (!cJSON_IsObject(object))
        return wrong(err, place, object, "an object");
    cJSON_ArrayForEach (item, object) {
        const char *nearest;
        size_t      known = 0;

        while (known < count && strcmp(item->string, names[known]) != 0)
            known++;
        if (known < count &&
            cJSON_GetObjectItemCaseSensitive(object, item->string) == item)
            continue;
        if (known < count)
            return err_set(err, ERR_USAGE, place, "found %s twice",
                           item->string);
        nearest = text_nearest(item->string, names, count);
        return err_set(err, ERR_USAGE, place,
                       "found unknown name \"%.40s\"%s%s", item->string,
                       nearest ? ", nearest allowed is " : "",
                       nearest ? nearest : "");
    }
    return true;
}

/* Absent is fine and leaves *value; null is a value, and a wrong one. */
static bool take_integer(const cJSON *object, const char *name,
                         const char *prefix, int64_t min, int64_t max,
                         int64_t *value, struct err *err)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    char         place[PLACE_MAX];
    char         allowed[FOUND_MAX];

    assert(min <= max);
    if (item == NULL)
        return true;
    if (cJSON_IsNumber(item) && item->valuedouble >= (double)min &&
        item->valuedouble <= (double)max &&
        item->valuedouble == floor(item->valuedouble)) {
        *value = (int64_t)item->valuedouble;
        return true;
    }
    snprintf(place, sizeof place, "%s%s", prefix, name);
    snprintf(allowed, sizeof allowed, "an integer from %" PRId64 " to %" PRId64,
             min, max);
    return wrong(err, place, item, allowed);
}

static bool take_text(const cJSON *object, const char *name, const char *prefix,
                      const char **value, struct err *err)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    char         place[PLACE_MAX];

    snprintf(place, sizeof place, "%s%s", prefix, name);
    if (!cJSON_IsString(item))
        return wrong(err, place, item, "a string");
    *value = item->valuestring;
    return true;
}

static bool take_config(struct ingest_config *config, const cJSON *object,
                        struct err *err)
{
    static const char *const names[] = {
#define X(field, name, min, max, initial, meaning) name,
        INGEST_LIMIT_MAP(X)
#undef X
            "timeout",
        "gzip", "caFile"};
    const cJSON *gzip = cJSON_GetObjectItemCaseSensitive(object, "gzip");
    int64_t      timeout_s = 0;

    if (object == NULL)
        return true;
    if (!check_object(object, "config", names, sizeof names / sizeof names[0],
                      err))
        return false;
    if (!take_integer(object, "timeout", "config.", 1, 3600, &timeout_s, err))
        return false;
    if (timeout_s > 0)
        config->request_timeout_ms = timeout_s * 1000;
#define X(field, name, min, max, initial, meaning)                             \
    if (!take_integer(object, name, "config.", min, max, &config->field, err)) \
        return false;
    INGEST_LIMIT_MAP(X)
#undef X
    if (gzip != NULL && !cJSON_IsBool(gzip))
        return wrong(err, "config.gzip", gzip, "true or false");
    config->gzip = cJSON_IsTrue(gzip);
    return !cJSON_HasObjectItem(object, "caFile") ||
           take_text(object, "caFile", "config.", &config->ca_file, err);
}

static bool take_oauth(struct ingest_oauth *oauth, const cJSON *object,
                       struct err *err)
{
    static const char *const names[] = {"clientId", "keyFile", "keyId",
                                        "authServer", "scope"};
    const struct {
        const char  *name;
        const char **value;
    } needed[] = {{"clientId", &oauth->client_id},
                  {"keyFile", &oauth->key_file},
                  {"authServer", &oauth->auth_server}},
      optional[] = {{"keyId", &oauth->key_id}, {"scope", &oauth->scope}};

    if (object == NULL)
        return true;
    if (!check_object(object, "oauth", names, sizeof names / sizeof names[0],
                      err))
        return false;
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
        if (!take_text(object, needed[i].name, "oauth.", needed[i].value, err))
            return false;
    for (size_t i = 0; i < sizeof optional / sizeof optional[0]; i++)
        if (cJSON_HasObjectItem(object, optional[i].name) &&
            !take_text(object, optional[i].name, "oauth.", optional[i].value,
                       err))
            return false;
    return true;
}

static bool take_sequence(struct cli_job_sequence *sequence,
                          const cJSON *object, size_t index, struct err *err)
{
    static const char *const names[] = {"delayMs", "events"};
    const cJSON             *event;
    char                     place[PLACE_MAX];
    size_t                   number = 0;

    snprintf(place, sizeof place, "sequences[%zu]", index);
    if (!check_object(object, place, names, 2, err))
        return false;
    snprintf(place, sizeof place, "sequences[%zu].", index);
    if (!take_integer(object, "delayMs", place, 0, DELAY_MS_MAX,
                      &sequence->delay_ms, err))
        return false;
    snprintf(place, sizeof place, "sequences[%zu].events", index);
    sequence->events = cJSON_GetObjectItemCaseSensitive(object, "events");
    if (!cJSON_IsArray(sequence->events))
        return wrong(err, place, sequence->events, "an array");
    cJSON_ArrayForEach (event, sequence->events) {
        snprintf(place, sizeof place, "sequences[%zu].events[%zu]", index,
                 number++);
        if (!cJSON_IsObject(event))
            return wrong(err, place, event, "an object");
    }
    return true;
}

static bool take_sequences(struct cli_job *job, struct err *err)
{
    const cJSON *list =
        cJSON_GetObjectItemCaseSensitive(job->json, "sequences");
    const cJSON *item;

    if (!cJSON_IsArray(list))
        return wrong(err, "sequences", list, "an array");
    job->sequences =
        alloc_zero((size_t)cJSON_GetArraySize(list), sizeof *job->sequences);
    cJSON_ArrayForEach (item, list) {
        if (!take_sequence(&job->sequences[job->count], item, job->count, err))
            return false;
        job->count++;
    }
    return true;
}

static bool take_job(struct cli_job *job, const char *input, struct err *err)
{
    static const char *const names[] = {"writeKey", "apiHost", "sequences",
                                        "config", "oauth"};
    const char              *end = NULL;

    job->json = cJSON_ParseWithOpts(input, &end, true);
    if (job->json == NULL)
        return err_set(err, ERR_USAGE, "input", "not JSON at byte %td",
                       end ? end - input : 0);
    return check_object(job->json, "input", names,
                        sizeof names / sizeof names[0], err) &&
           take_text(job->json, "writeKey", "", &job->config.write_key, err) &&
           take_text(job->json, "apiHost", "", &job->config.api_host, err) &&
           take_oauth(&job->config.oauth,
                      cJSON_GetObjectItemCaseSensitive(job->json, "oauth"),
                      err) &&
           take_config(&job->config,
                       cJSON_GetObjectItemCaseSensitive(job->json, "config"),
                       err) &&
           take_sequences(job, err);
}

bool cli_job_init(struct cli_job *job, const char *input, const char *profile,
                  struct err *err)
{
    *job = (struct cli_job){.json = NULL};
    ingest_config_init(&job->config);
    if ((profile == NULL ||
         ingest_config_take_profile(&job->config, profile, err)) &&
        take_job(job, input, err))
        return true;
    cli_job_clear(job);
    return false;
}

void cli_job_clear(struct cli_job *job)
{
    cJSON_Delete(job->json);
    alloc_free(job->sequences);
    *job = (struct cli_job){.json = NULL};
}

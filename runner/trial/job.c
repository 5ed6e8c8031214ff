/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trial/job.h"

#include "common/alloc.h"
#include "common/bytes.h"
#include "common/clock.h"
#include "runner/trial/contract.h"
#include "runner/trial/job_wire.h"
#include "runner/trial/words.h"
#include "server/keys/java_store.h"

#include <assert.h>
#include <cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* An event as an SDK's user makes it. messageId and event are both its name,
 * so that it is known again whatever the SDK drops or rewrites. */
static cJSON *make_event(const struct plan *plan, unsigned number)
{
    unsigned padding_bytes = plan_event_bytes(plan, number);
    cJSON   *event = cJSON_CreateObject();
    cJSON   *properties = cJSON_CreateObject();
    char     name[PLAN_EVENT_NAME_MAX];

    plan_event_name(name, number);
    cJSON_AddStringToObject(event, "type", "track");
    cJSON_AddStringToObject(event, "event", name);
    cJSON_AddStringToObject(event, "messageId", name);
    cJSON_AddStringToObject(event, "userId", "retrial-user");
    cJSON_AddNumberToObject(properties, "retrial", number);
    if (padding_bytes > 0) {
        char *padding = alloc_zero(padding_bytes + 1u, 1);

        memset(padding, 'x', padding_bytes);
        cJSON_AddStringToObject(properties, "padding", padding);
        alloc_free(padding);
    }
    cJSON_AddItemToObject(event, "properties", properties);
    return event;
}

static int64_t in_unit(int64_t ms, bool seconds)
{
    return seconds ? (ms + 999) / 1000 : ms;
}

/* The plan's value, else the manifest's default; in the client's unit. */
static cJSON *make_config(const struct job_setup *setup)
{
    const struct plan     *plan = setup->plan;
    const struct manifest *manifest = setup->manifest;
    cJSON                 *config = cJSON_CreateObject();

    for (int i = 0; i < CONFIG_COUNT; i++) {
        int64_t value = plan->given.config[i];

        if (value == CONFIG_UNSET)
            value = manifest->config[i];
        if (value == CONFIG_UNSET)
            continue;
        if (i == CONFIG_TIMEOUT)
            value = in_unit(value, manifest->timeout_in_s);
        else if (i == CONFIG_FLUSH_INTERVAL)
            value = in_unit(value, manifest->flush_interval_in_s);
        cJSON_AddNumberToObject(config, config_name((enum config_key)i),
                                (double)value);
    }
    for (size_t i = 0; i < plan->given.wrong_count; i++) {
        const struct wrong_setting *wrong = &plan->given.wrong[i];

        cJSON_DeleteItemFromObject(config, config_name(wrong->key));
        cJSON_AddRawToObject(config, config_name(wrong->key), wrong->json);
    }
    if (setup->keys.authority != NULL &&
        manifest_has_capability(manifest, "config.caFile"))
        cJSON_AddStringToObject(config, "caFile",
                                authority_ca_file(setup->keys.authority));
    return config;
}

static cJSON *make_sequence(const struct plan *plan, size_t index,
                            unsigned first)
{
    const struct sequence *given = &plan->given.sequences[index];
    cJSON                 *sequence = cJSON_CreateObject();
    cJSON                 *events = cJSON_CreateArray();

    cJSON_AddNumberToObject(sequence, "delayMs",
                            (double)(given->delay_ns / NS_PER_MS));
    for (unsigned i = 0; i < given->events; i++)
        cJSON_AddItemToArray(events, make_event(plan, first + i));
    cJSON_AddItemToObject(sequence, "events", events);
    return sequence;
}

/* The client's own. */
static cJSON *make_sequences(const struct plan *plan, unsigned client)
{
    const struct given *given = &plan->given;
    cJSON              *sequences = cJSON_CreateArray();
    unsigned            first = 1;

    for (size_t i = 0; i < given->sequence_count; i++) {
        if (plan_client_of_sequence(plan, i) == client)
            cJSON_AddItemToArray(sequences, make_sequence(plan, i, first));
        first += given->sequences[i].events;
    }
    return sequences;
}

static char *print_json(cJSON *json) /* takes the json */
{
    char *printed = cJSON_PrintUnformatted(json);
    char *text = alloc_text(printed);

    cJSON_free(printed);
    cJSON_Delete(json);
    return text;
}

static cJSON *make_oauth(const struct credential *credential, const char *url)
{
    cJSON *oauth = cJSON_CreateObject();

    cJSON_AddStringToObject(oauth, "clientId", CREDENTIAL_CLIENT_ID);
    cJSON_AddStringToObject(oauth, "keyId", CREDENTIAL_KEY_ID);
    cJSON_AddStringToObject(oauth, "keyFile", credential_key_file(credential));
    cJSON_AddStringToObject(oauth, "authServer", url);
    cJSON_AddStringToObject(oauth, "scope", "tracking_api:write");
    return oauth;
}

char *job_input(const struct job_setup *setup, const char *url)
{
    const struct plan *plan = setup->plan;
    cJSON             *input = cJSON_CreateObject();
    bool               settings = plan->routes[ROUTE_SETTINGS].steps.count > 0;

    cJSON_AddStringToObject(input, "writeKey", plan->given.write_key);
    cJSON_AddStringToObject(input, "apiHost", url);
    if (settings) /* strict clients refuse keys they do not know */
        cJSON_AddStringToObject(input, "cdnHost", url);
    cJSON_AddItemToObject(input, "sequences",
                          make_sequences(plan, setup->client));
    cJSON_AddItemToObject(input, "config", make_config(setup));
    if (setup->keys.credential != NULL)
        cJSON_AddItemToObject(input, "oauth",
                              make_oauth(setup->keys.credential, url));
    return print_json(input);
}

static cJSON *make_batch(const struct plan *plan, unsigned client)
{
    cJSON *batch = cJSON_CreateArray();

    for (unsigned i = 1; i <= plan->given.events; i++)
        if (plan_client_of_event(plan, i) == client)
            cJSON_AddItemToArray(batch, make_event(plan, i));
    return batch;
}

/* A line an event. */
static char *print_lines(cJSON *batch) /* takes the batch */
{
    struct bytes lines;
    const cJSON *event;

    bytes_init(&lines, JOB_INPUT_BYTES_MAX);
    cJSON_ArrayForEach (event, batch) {
        char *line = cJSON_PrintUnformatted(event);

        bytes_format(&lines, "%s\n", line);
        cJSON_free(line);
    }
    cJSON_Delete(batch);
    return bytes_take(&lines);
}

/* The batch as the form's field data, and the key, where it belongs there. */
static char *print_form(cJSON *batch, const char *key_name, const char *key)
{
    char *data = print_json(batch);
    char *data_coded = job_escape(data);
    char *key_coded = job_escape(key);
    char *form = key_name != NULL ? alloc_format("%s=%s&data=%s", key_name,
                                                 key_coded, data_coded)
                                  : alloc_format("data=%s", data_coded);

    alloc_free(data);
    alloc_free(data_coded);
    alloc_free(key_coded);
    return form;
}

char *job_body(const struct plan *plan, const struct profile *profile,
               unsigned client)
{
    bool        in_body = profile->authorization == AUTHORIZATION_BODY_FIELD;
    const char *key = plan->given.write_key;
    cJSON      *batch = make_batch(plan, client);
    cJSON      *body;

    if (PROFILE_IS(profile, body_form, BODY_FORM_NDJSON))
        return print_lines(batch);
    if (PROFILE_IS(profile, body_form, BODY_FORM_FORM))
        return print_form(batch, in_body ? profile->credential_name : NULL,
                          key);
    body = cJSON_CreateObject();
    cJSON_AddItemToObject(body, "batch", batch);
    cJSON_AddStringToObject(
        body, in_body ? profile->credential_name : "writeKey", key);
    return print_json(body);
}

static bool words_fit(char **words, const struct plan *plan, struct err *err)
{
    for (size_t i = 0; words != NULL && words[i] != NULL; i++)
        if (strlen(words[i]) > PLAN_ARGUMENT_BYTES_MAX)
            return err_set(err, ERR_SCENARIO, plan->id,
                           "given: its events make %zu bytes of input; "
                           "allowed are %d, what Linux lets an argument hold",
                           strlen(words[i]), PLAN_ARGUMENT_BYTES_MAX);
    return true;
}

/* Where the languages' own libraries look for what to trust; an SDK need not
 * know that it is on trial. */
static void trust(struct job *job, const struct authority *authority)
{
    static const char *const names[] = {
        "SSL_CERT_FILE", /* OpenSSL, and with it Ruby, Python; Go; .NET */
        "NODE_EXTRA_CA_CERTS",
        "REQUESTS_CA_BUNDLE", /* Python's requests */
        "CURL_CA_BUNDLE",
    };
    const char *java = getenv("JAVA_TOOL_OPTIONS");

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        words_add(&job->env, alloc_format("%s=%s", names[i],
                                          authority_ca_file(authority)));
    words_add(
        &job->env,
        alloc_format("JAVA_TOOL_OPTIONS=%s%s"
                     "-Djavax.net.ssl.trustStore=%s "
                     "-Djavax.net.ssl.trustStoreType=" JAVA_STORE_TYPE
                     " -Djavax.net.ssl.trustStorePassword=" JAVA_STORE_PASSWORD,
                     java ? java : "", java ? " " : "",
                     authority_java_store(authority)));
}

/* The zone by its name, which every runtime knows that has zones; where there
 * are none, by its rule, which a C library reads. */
static void live_where_summer_time_is(struct job *job, const struct plan *plan)
{
    bool has_zones = access("/usr/share/zoneinfo/" SUMMER_TIME_ZONE, R_OK) == 0;

    if (plan->summer_time != SUMMER_TIME_UNSAID)
        words_add(&job->env,
                  alloc_format("TZ=%s", has_zones ? SUMMER_TIME_ZONE
                                                  : SUMMER_TIME_RULE));
}

static bool input_fits(const struct plan *plan, struct err *err)
{
    size_t bytes = plan_input_bytes(plan);

    return bytes <= JOB_INPUT_BYTES_MAX ||
           err_set(err, ERR_SCENARIO, plan->id,
                   "given: its events make %zu bytes of input; allowed are %d",
                   bytes, JOB_INPUT_BYTES_MAX);
}

/* Whoever can follow a profile knows by which one it is judged. */
static void add_profile(struct job *job, const struct profile *profile)
{
    cJSON *values = profile_to_json(profile);
    char  *text = cJSON_PrintUnformatted(values);

    words_add(&job->env, alloc_format("RETRIAL_PROFILE=%s", text));
    cJSON_free(text);
    cJSON_Delete(values);
}

void job_begin(struct job *job, const struct manifest *manifest,
               const struct authority *authority)
{
    assert(manifest->command[0] != NULL);
    *job = (struct job){.folder = manifest->folder};
    for (size_t i = 0; manifest->command[i] != NULL; i++)
        words_add(&job->argv, alloc_text(manifest->command[i]));
    add_profile(job, &manifest->profile);
    if (authority != NULL)
        trust(job, authority);
}

bool job_make(struct job *job, const struct job_setup *setup, struct err *err)
{
    char url[64];

    assert(setup->client >= 1);
    job_begin(job, setup->manifest, setup->keys.authority);
    live_where_summer_time_is(job, setup->plan);
    snprintf(url, sizeof url, "%s://" JOB_HOST ":%d",
             setup->keys.authority != NULL ? "https" : "http", setup->port);
    if (!input_fits(setup->plan, err))
        return false;
    setup->manifest->contract->say(job, setup, url);
    return words_fit(job->argv, setup->plan, err) &&
           words_fit(job->env, setup->plan, err);
}

void job_clear(struct job *job)
{
    words_free(job->argv);
    words_free(job->env);
    alloc_free(job->input);
    *job = (struct job){0};
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "client/config.h"

#include "client/policy.h"
#include "client/wire.h"

#include "common/alloc.h"
#include "common/text.h"

#include <assert.h>
#include <curl/curl.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void ingest_config_init(struct ingest_config *config)
{
    *config = (struct ingest_config){
#define X(field, name, min, max, initial, meaning) .field = (initial),
        INGEST_LIMIT_MAP(X)
#undef X
    };
}

static int64_t clamp(double value, int64_t least, int64_t most)
{
    if (value < (double)least)
        return least;
    return value < (double)most ? (int64_t)value : most;
}

/* The policy's numbers, as far as this client's own bounds allow them. */
bool ingest_config_take_profile(struct ingest_config *config,
                                const char *profile, struct err *err)
{
    struct retry_policy policy;
    struct wire         wire;

    retry_policy_init(&policy);
    if (!policy_read(&policy, profile, err))
        return false;
    config->profile = profile;
    wire_read(&wire, profile);
    if (wire.event_bytes_max > 0)
        config->max_event_bytes =
            clamp((double)wire.event_bytes_max, 1, 400000);
    wire_clear(&wire);
    config->max_retries = policy.max_retries;
    config->backoff_base_ms = clamp(policy.backoff_base_s * 1000, 1, 3600000);
    config->max_backoff_ms = clamp(policy.backoff_cap_s * 1000, 1, 86400000);
    config->max_retry_after_ms =
        clamp((double)policy.max_retry_after_ns / 1e6, 0, 604800000);
    config->max_total_backoff_ms =
        clamp((double)policy.max_total_backoff_ns / 1e6, 0, 604800000);
    config->max_rate_limit_ms =
        clamp((double)policy.max_rate_limit_ns / 1e6, 0, 604800000);
    return true;
}

/* ---- checked ---- */

static bool check_limits(const struct ingest_config *config, struct err *err)
{
#define X(field, name, min, max, initial, meaning)                             \
    if (config->field < (min) || config->field > (max))                        \
        return err_set(err, ERR_USAGE, "config." name,                         \
                       "%s: found %" PRId64 ", allowed " #min " to " #max,     \
                       meaning, config->field);
    INGEST_LIMIT_MAP(X)
#undef X
    return true;
}

static bool check_write_key(const char *key, struct err *err)
{
    size_t length = key ? strlen(key) : 0;

    if (length == 0)
        return err_set(err, ERR_USAGE, "writeKey",
                       "found nothing, allowed 1 to %d bytes of text",
                       (int)INGEST_WRITE_KEY_MAX);
    if (length > INGEST_WRITE_KEY_MAX || !text_is_utf8(key, length))
        return err_set(err, ERR_USAGE, "writeKey",
                       "found %zu bytes, allowed 1 to %d of UTF-8", length,
                       (int)INGEST_WRITE_KEY_MAX);
    return true;
}

/* An origin and at most a path: nothing that could carry other credentials
 * or cut off the path we add. */
static bool check_host(const char *host, const char *name, struct err *err)
{
    static const CURLUPart foreign[] = {CURLUPART_USER, CURLUPART_PASSWORD,
                                        CURLUPART_QUERY, CURLUPART_FRAGMENT};
    CURLU                 *url = curl_url();
    bool                   fine;

    fine = host != NULL &&
           (text_starts_with(host, "http://") ||
            text_starts_with(host, "https://")) &&
           curl_url_set(url, CURLUPART_URL, host, 0) == CURLUE_OK;
    for (size_t i = 0; fine && i < sizeof foreign / sizeof foreign[0]; i++) {
        char *part = NULL;

        fine = curl_url_get(url, foreign[i], &part, 0) != CURLUE_OK;
        curl_free(part);
    }
    curl_url_cleanup(url);
    return fine || err_set(err, ERR_USAGE, name,
                           "found \"%.80s\", allowed http(s)://host[:port]",
                           host ? host : "");
}

/* Found out now, and not by a day of failing handshakes. */
static bool check_ca_file(const char *path, struct err *err)
{
    FILE *file = path ? fopen(path, "r") : NULL;
    bool  fine = path == NULL || file != NULL;

    if (file != NULL)
        fclose(file);
    return fine || err_set(err, ERR_USAGE, "caFile",
                           "found \"%.200s\" (%s), allowed a file of trusted "
                           "certificates",
                           path, strerror(errno));
}

static bool check_text(const char *value, const char *name, struct err *err)
{
    if (value != NULL && value[0] != '\0')
        return true;
    return err_set(err, ERR_USAGE, name,
                   "found nothing, allowed is a text that is not empty");
}

static bool check_oauth(const struct ingest_oauth *oauth, struct err *err)
{
    if (oauth->client_id == NULL)
        return true;
    return check_text(oauth->client_id, "oauth.clientId", err) &&
           check_text(oauth->key_file, "oauth.keyFile", err) &&
           check_host(oauth->auth_server, "oauth.authServer", err);
}

static bool check_profile(const char *profile, struct err *err)
{
    struct retry_policy policy;

    retry_policy_init(&policy);
    return profile == NULL || policy_read(&policy, profile, err);
}

bool config_check(const struct ingest_config *config, struct err *err)
{
    return check_write_key(config->write_key, err) &&
           check_host(config->api_host, "apiHost", err) &&
           check_ca_file(config->ca_file, err) &&
           check_profile(config->profile, err) &&
           check_oauth(&config->oauth, err) && check_limits(config, err);
}

/* ---- copied ---- */

char *config_base(const char *host)
{
    size_t length = strlen(host);

    assert(length > 0);
    while (length > 0 && host[length - 1] == '/')
        length--;
    return alloc_text_n(host, length);
}

/* The texts that a copy owns. */
#define CONFIG_TEXT_MAP(X)                                                     \
    X(write_key)                                                               \
    X(api_host)                                                                \
    X(ca_file)                                                                 \
    X(profile)                                                                 \
    X(oauth.client_id)                                                         \
    X(oauth.key_file)                                                          \
    X(oauth.key_id)                                                            \
    X(oauth.auth_server)                                                       \
    X(oauth.scope)

void config_copy(struct ingest_config *copy, const struct ingest_config *config)
{
    *copy = *config;
#define X(text) copy->text = alloc_text(config->text);
    CONFIG_TEXT_MAP(X)
#undef X
}

void config_clear(struct ingest_config *copy)
{
#define X(text) alloc_free(copy->text);
    CONFIG_TEXT_MAP(X)
#undef X
}

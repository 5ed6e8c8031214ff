/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trial/job_wire.h"

#include "common/alloc.h"
#include "common/base64.h"
#include "common/bytes.h"

#include <ctype.h>
#include <string.h>

enum { ESCAPED_BYTES_MAX = 64 << 20, HEADERS_BYTES_MAX = 16 << 10 };

/* Of a profile that says no path. */
#define ANY_PATH "/v1/batch"

char *job_escape(const char *text)
{
    struct bytes out;

    bytes_init(&out, ESCAPED_BYTES_MAX);
    bytes_add(&out, "");
    for (; *text != '\0'; text++)
        if (isalnum((unsigned char)*text) || strchr("-._~", *text) != NULL)
            bytes_append(&out, text, 1);
        else
            bytes_format(&out, "%%%02X", (unsigned)(unsigned char)*text);
    return bytes_take(&out);
}

char *job_url(const struct profile *profile, const char *address,
              const char *write_key)
{
    const char *path = PROFILE_OPEN(profile, path) ? ANY_PATH : profile->path;
    char       *escaped;
    char       *url;

    if (profile->authorization != AUTHORIZATION_QUERY)
        return alloc_format("%s%s", address, path);
    escaped = job_escape(write_key);
    url = alloc_format("%s%s?%s=%s", address, path, profile->credential_name,
                       escaped);
    alloc_free(escaped);
    return url;
}

static char *basic(const char *write_key)
{
    char *pair = alloc_format("%s:", write_key);
    char *coded = base64_encode(pair, strlen(pair));
    char *value = alloc_format("Basic %s", coded);

    alloc_free(coded);
    alloc_free(pair);
    return value;
}

char *job_authorization(const struct profile *profile, const char *write_key)
{
    switch (profile->authorization) {
    case AUTHORIZATION_BASIC:
    case AUTHORIZATION_AS_SENT:
        return basic(write_key);
    case AUTHORIZATION_BEARER:
        return alloc_format("Bearer %s", write_key);
    case AUTHORIZATION_NONE:
    case AUTHORIZATION_HEADER:
    case AUTHORIZATION_QUERY:
    case AUTHORIZATION_BODY_FIELD:
        break;
    }
    return NULL;
}

/* The first that the profile takes, or what says its form. */
const char *job_type(const struct profile *profile)
{
    static const char *const types[] = {
        [BODY_FORM_JSON] = "application/json",
        [BODY_FORM_NDJSON] = "application/x-ndjson",
        [BODY_FORM_FORM] = "application/x-www-form-urlencoded",
        [BODY_FORM_PROTOBUF] = "application/x-protobuf",
        [BODY_FORM_MSGPACK] = "application/msgpack",
    };

    if (profile->content_types.count > 0)
        return profile->content_types.at[0];
    return types[PROFILE_OPEN(profile, body_form) ? BODY_FORM_JSON
                                                  : profile->body_form];
}

char *job_headers(const struct profile *profile, const char *write_key)
{
    char        *authorization = job_authorization(profile, write_key);
    struct bytes lines;

    bytes_init(&lines, HEADERS_BYTES_MAX);
    bytes_format(&lines, "Content-Type: %s\n", job_type(profile));
    if (authorization != NULL)
        bytes_format(&lines, "Authorization: %s\n", authorization);
    if (profile->authorization == AUTHORIZATION_HEADER)
        bytes_format(&lines, "%s: %s\n", profile->credential_name, write_key);
    alloc_free(authorization);
    return bytes_take(&lines);
}

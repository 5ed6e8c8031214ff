/* SPDX-License-Identifier: Apache-2.0 */
#include "server/route.h"

#include <stdbool.h>
#include <string.h>

static bool ends_with(const char *path, size_t length, const char *end)
{
    size_t end_length = strlen(end);

    return length >= end_length &&
           memcmp(path + length - end_length, end, end_length) == 0;
}

/* ".../projects/KEY/settings", where KEY is one segment that is not empty. */
static bool is_settings(const char *path, size_t length)
{
    static const char projects[] = "/projects/";
    static const char settings[] = "/settings";
    size_t            at;

    if (!ends_with(path, length, settings))
        return false;
    length -= strlen(settings);
    at = length;
    while (at > 0 && path[at - 1] != '/')
        at--;
    return at < length && ends_with(path, at, projects);
}

static size_t path_length(const char *target)
{
    size_t length = strcspn(target, "?#");

    while (length > 1 && target[length - 1] == '/')
        length--;
    return length;
}

static bool is_ingest(const char *method, const char *target, size_t length,
                      const struct profile *profile)
{
    bool puts = profile != NULL && profile->method == METHOD_PUT;

    if (strcmp(method, puts ? "PUT" : "POST") != 0)
        return false;
    return profile == NULL || PROFILE_OPEN(profile, path) ||
           (length == path_length(profile->path) &&
            memcmp(target, profile->path, length) == 0);
}

enum route route_of(const char *method, const char *target,
                    const struct profile *profile)
{
    size_t length = path_length(target);

    if (strcmp(method, "GET") == 0 && is_settings(target, length))
        return ROUTE_SETTINGS;
    if (strcmp(method, "POST") == 0 && ends_with(target, length, "/token"))
        return ROUTE_TOKEN;
    return is_ingest(method, target, length, profile) ? ROUTE_INGEST
                                                      : ROUTE_OTHER;
}

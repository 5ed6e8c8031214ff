/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cli/profile.h"

#include "common/alloc.h"
#include "common/bytes.h"

#include <cJSON.h>
#include <stdio.h>
#include <string.h>

enum { FILE_BYTES_MAX = 1 << 20, DEPTH_MAX = 8 };

static cJSON *read_json(const char *path, struct err *err)
{
    FILE        *file = fopen(path, "re");
    cJSON       *json = NULL;
    struct bytes text;
    char         part[4096];
    size_t       got;

    if (file == NULL) {
        err_set_errno(err, path, "cannot be read");
        return NULL;
    }
    bytes_init(&text, FILE_BYTES_MAX);
    while ((got = fread(part, 1, sizeof part, file)) > 0)
        bytes_append(&text, part, got);
    fclose(file);
    json = cJSON_Parse(bytes_text(&text));
    bytes_clear(&text);
    if (!cJSON_IsObject(json)) {
        cJSON_Delete(json);
        json = NULL;
        err_set(err, ERR_USAGE, path, "this is not a profile (a JSON object)");
    }
    return json;
}

/* The file of that name beside this one; a file may be named as one. */
static char *beside(const char *path, const char *name)
{
    const char *slash = strrchr(path, '/');
    int         folder = slash ? (int)(slash - path) + 1 : 0;
    bool        is_file = strchr(name, '/') != NULL || strstr(name, ".json");

    if (name[0] == '/')
        return alloc_text(name);
    return alloc_format("%.*s%s%s", folder, path, name, is_file ? "" : ".json");
}

static void lay_over(cJSON *values, const cJSON *part)
{
    const cJSON *value;

    cJSON_ArrayForEach (value, part) {
        cJSON_DeleteItemFromObjectCaseSensitive(values, value->string);
        cJSON_AddItemToObject(values, value->string,
                              cJSON_Duplicate(value, true));
    }
}

static bool flatten(cJSON *values, const char *path, unsigned depth,
                    struct err *err)
{
    cJSON      *json;
    const char *base;
    bool        ok = true;

    if (depth > DEPTH_MAX)
        return err_set(err, ERR_USAGE, path,
                       "extends: found itself, or more than %d others",
                       DEPTH_MAX);
    json = read_json(path, err);
    if (json == NULL)
        return false;
    base =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "extends"));
    if (base != NULL) {
        char *other = beside(path, base);

        ok = flatten(values, other, depth + 1, err);
        alloc_free(other);
    }
    lay_over(values, cJSON_GetObjectItemCaseSensitive(json, "policy"));
    lay_over(values, cJSON_GetObjectItemCaseSensitive(json, "wire"));
    cJSON_Delete(json);
    return ok;
}

char *profile_flatten(const char *path, struct err *err)
{
    cJSON *values = cJSON_CreateObject();
    char  *printed = NULL;
    char  *text = NULL;

    if (flatten(values, path, 0, err)) {
        printed = cJSON_PrintUnformatted(values);
        text = alloc_text(printed);
    }
    cJSON_free(printed);
    cJSON_Delete(values);
    return text;
}

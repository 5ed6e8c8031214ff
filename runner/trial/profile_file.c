/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trial/profile_file.h"

#include "common/alloc.h"
#include "common/bytes.h"
#include "runner/trial/file.h"

#include <string.h>

enum {
    FILE_BYTES_MAX = 1 << 20,
    DEPTH_MAX = 8, /* a file extends one that extends one ... */
};

/* ---- JSON ---- */

/* cJSON ends a text where a NUL stands, said or written. */
static bool has_nul(const struct bytes *text)
{
    const char *at = bytes_text(text);

    if (strlen(at) != text->length)
        return true;
    while ((at = strchr(at, '\\')) != NULL) {
        if (strncmp(at, "\\u0000", 6) == 0)
            return true;
        at += at[1] != '\0' ? 2 : 1;
    }
    return false;
}

bool profile_file_json(const char *path, cJSON **json, struct err *err)
{
    struct bytes text;
    const char  *end = NULL;
    bool         ok;

    bytes_init(&text, FILE_BYTES_MAX);
    ok = file_read(path, &text, err);
    if (ok && has_nul(&text))
        ok = err_set(err, ERR_USAGE, path,
                     "found a NUL character (\\u0000), which no text here may "
                     "hold");
    if (ok) {
        *json = cJSON_ParseWithOpts(bytes_text(&text), &end, true);
        ok = cJSON_IsObject(*json) ||
             err_set(err, ERR_USAGE, path,
                     "this is not a JSON object (stopped at byte %td)",
                     end ? end - bytes_text(&text) : 0);
    }
    bytes_clear(&text);
    return ok;
}

/* ---- profiles ---- */

static bool is_file(const char *name)
{
    size_t length = strlen(name);

    return strchr(name, '/') != NULL ||
           (length > 5 && strcmp(name + length - 5, ".json") == 0);
}

/* A file that is named by another is looked for beside that. */
static char *beside(const char *path, const char *name)
{
    const char *slash = strrchr(path, '/');

    if (name[0] == '/' || slash == NULL)
        return alloc_text(name);
    return alloc_format("%.*s/%s", (int)(slash - path), path, name);
}

static bool find(struct profile *profile, struct profile_sources *sources,
                 const char *name, unsigned depth, struct err *err)
{
    cJSON      *document = NULL;
    const char *base;
    bool        ok = true;

    if (!is_file(name))
        return profile_load_sourced(profile, sources, name, err);
    if (depth > DEPTH_MAX)
        return err_set(err, ERR_USAGE, name,
                       "extends: found itself, or more than %d others",
                       DEPTH_MAX);
    if (!profile_file_json(name, &document, err))
        return false;
    base = profile_extends(document);
    if (base == NULL) {
        profile_init(profile);
    } else {
        char *path = is_file(base) ? beside(name, base) : alloc_text(base);

        ok = find(profile, sources, path, depth + 1, err);
        alloc_free(path);
    }
    ok = ok && profile_apply(profile, sources, document, name, err);
    cJSON_Delete(document);
    return ok;
}

bool profile_find(struct profile *profile, const char *name, struct err *err)
{
    return find(profile, NULL, name, 0, err);
}

bool profile_find_sourced(struct profile         *profile,
                          struct profile_sources *sources, const char *name,
                          struct err *err)
{
    return find(profile, sources, name, 0, err);
}

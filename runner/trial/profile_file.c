/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trial/profile_file.h"

#include "common/alloc.h"
#include "runner/trial/file.h"

#include <string.h>

/* A file extends one that extends one ... */
enum { DEPTH_MAX = 8 };

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
    if (!file_read_json(name, &document, err))
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

bool profile_find_beside(struct profile *profile, const char *name,
                         const char *place, struct err *err)
{
    char *path = is_file(name) ? beside(place, name) : alloc_text(name);
    bool  ok = find(profile, NULL, path, 0, err);

    alloc_free(path);
    return ok;
}

bool profile_find_sourced(struct profile         *profile,
                          struct profile_sources *sources, const char *name,
                          struct err *err)
{
    return find(profile, sources, name, 0, err);
}

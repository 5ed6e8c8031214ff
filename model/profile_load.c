/* SPDX-License-Identifier: Apache-2.0 */
#include "model/profile_load.h"

#include "common/alloc.h"
#include "common/bytes.h"
#include "common/embedded.h"
#include "common/text.h"

#include <stdio.h>
#include <string.h>

extern const struct embedded profile_files[];
extern const size_t          profile_files_count;

/* A profile extends one that extends one ...: so deep at the most. */
enum { DEPTH_MAX = 8 };

void profile_sources_clear(struct profile_sources *sources)
{
    for (size_t i = 0; i < PROFILE_KEY_COUNT; i++)
        alloc_free(sources->at[i]);
    *sources = (struct profile_sources){0};
}

/* ---- a document ---- */

static bool wrong(struct err *err, const char *place, const cJSON *found,
                  const char *allowed)
{
    char *text = cJSON_PrintUnformatted(found);

    err_set(err, ERR_USAGE, place, "%s: found %.80s, allowed is %s",
            found->string ? found->string : "document", text ? text : "?",
            allowed);
    cJSON_free(text);
    return false;
}

static bool read_name(struct profile *profile, const cJSON *value,
                      const char *place, struct err *err)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.";

    if (!cJSON_IsString(value) || value->valuestring[0] == '\0' ||
        strlen(value->valuestring) >= PROFILE_NAME_MAX ||
        value->valuestring[strspn(value->valuestring, letters)] != '\0')
        return wrong(err, place, value,
                     "a name of at most 63 small letters, digits, -, _ and .");
    snprintf(profile->name, sizeof profile->name, "%s", value->valuestring);
    return true;
}

static bool read_about(struct profile *profile, const cJSON *value,
                       const char *place, struct err *err)
{
    if (!cJSON_IsString(value) ||
        strlen(value->valuestring) >= PROFILE_ABOUT_MAX)
        return wrong(err, place, value, "a text of at most 511 bytes");
    snprintf(profile->about, sizeof profile->about, "%s", value->valuestring);
    return true;
}

static bool read_text(struct profile *profile, const cJSON *value,
                      const char *place, struct err *err)
{
    (void)profile;
    return cJSON_IsString(value) || wrong(err, place, value, "a text");
}

static bool read_part(struct profile *profile, const cJSON *values,
                      enum profile_part part, const char *place,
                      struct err *err)
{
    const cJSON *value;

    if (!cJSON_IsObject(values))
        return wrong(err, place, values, "an object of profile values");
    cJSON_ArrayForEach (value, values) {
        enum profile_key key = profile_key_find(value->string);

        if (key != PROFILE_KEY_COUNT && profile_key_info(key).part != part)
            return err_set(err, ERR_USAGE, place,
                           "%s: found in %s, allowed is in %s", value->string,
                           values->string,
                           part == PART_WIRE ? "policy" : "wire");
    }
    return profile_set(profile, values, place, err);
}

static bool read_policy(struct profile *profile, const cJSON *value,
                        const char *place, struct err *err)
{
    return read_part(profile, value, PART_POLICY, place, err);
}

static bool read_wire(struct profile *profile, const cJSON *value,
                      const char *place, struct err *err)
{
    return read_part(profile, value, PART_WIRE, place, err);
}

static bool read_sources(struct profile *profile, const cJSON *value,
                         const char *place, struct err *err)
{
    const cJSON *source;

    (void)profile;
    if (!cJSON_IsObject(value))
        return wrong(err, place, value, "an object: a source for each value");
    cJSON_ArrayForEach (source, value) {
        if (profile_key_find(source->string) == PROFILE_KEY_COUNT ||
            !cJSON_IsString(source))
            return wrong(err, place, source,
                         "the name of a profile value and its source, a text");
    }
    return true;
}

static bool read_sdks(struct profile *profile, const cJSON *value,
                      const char *place, struct err *err)
{
    const cJSON *sdk;

    (void)profile;
    if (!cJSON_IsArray(value))
        return wrong(err, place, value, "a list of SDKs' names");
    cJSON_ArrayForEach (sdk, value) {
        if (!cJSON_IsString(sdk))
            return wrong(err, place, value, "a list of SDKs' names");
    }
    return true;
}

static const struct {
    const char *name;
    bool (*read)(struct profile *profile, const cJSON *value, const char *place,
                 struct err *err);
} members[] = {
    {"name", read_name},   {"sdks", read_sdks},       {"extends", read_text},
    {"about", read_about}, {"source", read_text},     {"policy", read_policy},
    {"wire", read_wire},   {"sources", read_sources},
};

enum { MEMBER_COUNT = sizeof members / sizeof members[0] };

static bool read_member(struct profile *profile, const cJSON *value,
                        const char *place, struct err *err)
{
    const char *known[MEMBER_COUNT];
    const char *nearest;

    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        known[i] = members[i].name;
        if (strcmp(known[i], value->string) == 0)
            return members[i].read(profile, value, place, err);
    }
    nearest = text_nearest(value->string, known, MEMBER_COUNT);
    return err_set(err, ERR_USAGE, place,
                   "%s: no such member of a profile%s%s%s; allowed are name, "
                   "extends, about, sdks, source, policy, wire and sources",
                   value->string, nearest ? "; did you mean " : "",
                   nearest ? nearest : "", nearest ? "?" : "");
}

/* Each value that this document sets has a source of its own, or the
 * document's. */
static bool note_sources(struct profile_sources *sources, const cJSON *document,
                         const char *part, const char *place, struct err *err)
{
    const cJSON *own = cJSON_GetObjectItemCaseSensitive(document, "sources");
    const char  *all = cJSON_GetStringValue(
        cJSON_GetObjectItemCaseSensitive(document, "source"));
    const cJSON *value;

    cJSON_ArrayForEach (value,
                        cJSON_GetObjectItemCaseSensitive(document, part)) {
        const char *source = cJSON_GetStringValue(
            cJSON_GetObjectItemCaseSensitive(own, value->string));
        enum profile_key key = profile_key_find(value->string);

        if (source == NULL)
            source = all;
        if (source == NULL)
            return err_set(err, ERR_USAGE, place,
                           "%s: has no source; say one in sources, or one for "
                           "all in source",
                           value->string);
        if (sources != NULL) {
            alloc_free(sources->at[key]);
            sources->at[key] = alloc_text(source);
        }
    }
    return true;
}

const char *profile_extends(const cJSON *document)
{
    return cJSON_GetStringValue(
        cJSON_GetObjectItemCaseSensitive(document, "extends"));
}

bool profile_apply(struct profile *profile, struct profile_sources *sources,
                   const cJSON *document, const char *place, struct err *err)
{
    struct profile changed = *profile;
    const cJSON   *value;

    if (!cJSON_IsObject(document))
        return err_set(err, ERR_USAGE, place,
                       "this is not a profile (a JSON object)");
    changed.name[0] = '\0';
    cJSON_ArrayForEach (value, document) {
        if (!read_member(&changed, value, place, err))
            return false;
    }
    if (changed.name[0] == '\0')
        return err_set(err, ERR_USAGE, place, "name: missing");
    if (!note_sources(sources, document, "policy", place, err) ||
        !note_sources(sources, document, "wire", place, err))
        return false;
    *profile = changed;
    return true;
}

/* ---- the built-in ones ---- */

/* Of "my-ingest.json" the first nine letters. */
static int name_length(const struct embedded *file)
{
    return (int)(strlen(file->name) - strlen(".json"));
}

const char *profile_listed(size_t index)
{
    static char name[PROFILE_NAME_MAX];

    if (index >= profile_files_count)
        return NULL;
    snprintf(name, sizeof name, "%.*s", name_length(&profile_files[index]),
             profile_files[index].name);
    return name;
}

static const struct embedded *file_of(const char *name)
{
    for (size_t i = 0; i < profile_files_count; i++)
        if (strlen(name) == (size_t)name_length(&profile_files[i]) &&
            text_starts_with(profile_files[i].name, name))
            return &profile_files[i];
    return NULL;
}

bool profile_is_listed(const char *name)
{
    return file_of(name) != NULL;
}

static bool names_sdk(const struct embedded *file, const char *name)
{
    cJSON *document = cJSON_ParseWithLength(file->text, file->length_bytes);
    const cJSON *sdk;
    bool         found = false;

    cJSON_ArrayForEach (sdk,
                        cJSON_GetObjectItemCaseSensitive(document, "sdks")) {
        found = found ||
                (cJSON_IsString(sdk) && strcmp(sdk->valuestring, name) == 0);
    }
    cJSON_Delete(document);
    return found;
}

const char *profile_of_sdk(const char *sdk)
{
    for (size_t i = 0; i < profile_files_count; i++)
        if (names_sdk(&profile_files[i], sdk))
            return profile_listed(i);
    return NULL;
}

const char *profile_parent(const char *name)
{
    static char            parent[PROFILE_NAME_MAX];
    const struct embedded *file = file_of(name);
    cJSON                 *document;
    const char            *base;

    if (file == NULL)
        return NULL;
    document = cJSON_ParseWithLength(file->text, file->length_bytes);
    base = profile_extends(document);
    if (base != NULL)
        snprintf(parent, sizeof parent, "%s", base);
    cJSON_Delete(document);
    return base != NULL ? parent : NULL;
}

static bool unknown_profile(const char *name, struct err *err)
{
    struct bytes known;
    const char **names = alloc_zero(profile_files_count + 1, sizeof names[0]);
    const char  *nearest;

    bytes_init(&known, 1 << 16);
    for (size_t i = 0; i < profile_files_count; i++) {
        names[i] = alloc_text(profile_listed(i));
        bytes_format(&known, "%s%s", i > 0 ? ", " : "", names[i]);
    }
    nearest = text_nearest(name, names, profile_files_count);
    err_set(err, ERR_USAGE, "--profile",
            "%s: no such profile%s%s%s; known: %s; or a file, as ./FILE.json",
            name, nearest ? "; did you mean " : "", nearest ? nearest : "",
            nearest ? "?" : "", bytes_text(&known));
    for (size_t i = 0; i < profile_files_count; i++)
        alloc_free((void *)(uintptr_t)names[i]);
    alloc_free(names);
    bytes_clear(&known);
    return false;
}

static bool load(struct profile *profile, struct profile_sources *sources,
                 const char *name, unsigned depth, struct err *err)
{
    const struct embedded *file = file_of(name);
    cJSON                 *document;
    const char            *base;
    bool                   loaded = true;

    if (file == NULL)
        return unknown_profile(name, err);
    document = cJSON_ParseWithLength(file->text, file->length_bytes);
    base = profile_extends(document);
    if (depth > DEPTH_MAX)
        loaded = err_set(err, ERR_OURS, file->name,
                         "extends itself, or more than %d others", DEPTH_MAX);
    else if (base != NULL)
        loaded = load(profile, sources, base, depth + 1, err);
    else
        profile_init(profile);
    loaded =
        loaded && profile_apply(profile, sources, document, file->name, err);
    cJSON_Delete(document);
    return loaded;
}

bool profile_load(struct profile *profile, const char *name, struct err *err)
{
    return load(profile, NULL, name, 0, err);
}

bool profile_load_sourced(struct profile         *profile,
                          struct profile_sources *sources, const char *name,
                          struct err *err)
{
    return load(profile, sources, name, 0, err);
}

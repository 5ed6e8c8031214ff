/* SPDX-License-Identifier: Apache-2.0 */
/* client.json and e2e-config.json -> struct manifest. */

#include "runner/trial/manifest_parts.h"

#include "common/alloc.h"
#include "common/text.h"
#include "runner/trial/contract.h"
#include "runner/trial/file.h"
#include "runner/trial/profile_file.h"
#include "runner/trial/words.h"

#include <cJSON.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WAITS_S_MAX = 604800 }; /* as the profile's */

/* ---- the fields of client.json ---- */

static bool wrong(struct err *err, const char *place, const cJSON *value,
                  const char *allowed)
{
    char *found = cJSON_PrintUnformatted(value);

    err_set(err, ERR_USAGE, place, "%s: found %.80s, allowed is %s",
            value->string ? value->string : "value", found ? found : "?",
            allowed);
    cJSON_free(found);
    return false;
}

static bool read_name(struct manifest *manifest, const cJSON *value,
                      const char *place, struct err *err)
{
    if (!cJSON_IsString(value) || value->valuestring[0] == '\0')
        return wrong(err, place, value, "a name");
    manifest->name = alloc_text(value->valuestring);
    return true;
}

static bool read_command(struct manifest *manifest, const cJSON *value,
                         const char *place, struct err *err)
{
    const cJSON *word;

    if (manifest->command != NULL) /* --client goes before the manifest's */
        return true;
    if (cJSON_IsString(value))
        return manifest_split_command(manifest, value->valuestring, place, err);
    if (!cJSON_IsArray(value) || cJSON_GetArraySize(value) == 0 ||
        cJSON_GetArraySize(value) > ARGUMENTS_MAX)
        return wrong(err, place, value, "a string or a list of words");
    cJSON_ArrayForEach (word, value) {
        if (!cJSON_IsString(word))
            return wrong(err, place, value, "a string or a list of words");
        words_add(&manifest->command, alloc_text(word->valuestring));
    }
    return manifest_check_command(manifest, place, err);
}

static bool read_contract(struct manifest *manifest, const cJSON *value,
                          const char *place, struct err *err)
{
    const struct contract *contract =
        cJSON_IsString(value) ? contract_find(value->valuestring) : NULL;
    char *words = contract_words();

    if (contract == NULL)
        wrong(err, place, value, words);
    else
        manifest->contract = contract;
    alloc_free(words);
    return contract != NULL;
}

/* Each with a comma behind it. */
#define X(word)      word ", "
#define CAPABILITIES CAPABILITY_MAP(X)

static bool read_capabilities(struct manifest *manifest, const cJSON *value,
                              const char *place, struct err *err)
{
    const cJSON *word;

    if (!cJSON_IsArray(value))
        return wrong(err, place, value, "a list of capabilities");
    cJSON_ArrayForEach (word, value) {
        if (!cJSON_IsString(word) ||
            !manifest_knows_capability(word->valuestring))
            return err_set(err, ERR_USAGE, place,
                           "capabilities: found %s, allowed are " CAPABILITIES
                           "and config.KEY, config.KEY.zero or "
                           "config.KEY.fraction with a KEY of "
                           "docs/client-contract.md",
                           cJSON_IsString(word) ? word->valuestring
                                                : "no string");
        manifest_add_capability(manifest, word->valuestring);
    }
    return true;
}
#undef X

static bool read_units(struct manifest *manifest, const cJSON *value,
                       const char *place, struct err *err)
{
    const cJSON *unit;

    if (!cJSON_IsObject(value))
        return wrong(err, place, value, "an object");
    cJSON_ArrayForEach (unit, value) {
        const char *text = cJSON_IsString(unit) ? unit->valuestring : "";
        bool        seconds = strcmp(text, "s") == 0;

        if (!seconds && strcmp(text, "ms") != 0)
            return wrong(err, place, unit, "\"ms\" or \"s\"");
        if (strcmp(unit->string, "timeout") == 0)
            manifest->timeout_in_s = seconds;
        else if (strcmp(unit->string, "flushInterval") == 0)
            manifest->flush_interval_in_s = seconds;
        else
            return err_set(err, ERR_USAGE, place,
                           "units: found %s, allowed are timeout and "
                           "flushInterval",
                           unit->string);
    }
    return true;
}

static bool read_defaults(struct manifest *manifest, const cJSON *value,
                          const char *place, struct err *err)
{
    const cJSON *item;

    if (!cJSON_IsObject(value))
        return wrong(err, place, value, "an object of config keys");
    cJSON_ArrayForEach (item, value) {
        enum config_key key = config_find(item->string);

        if (key == CONFIG_COUNT)
            return wrong(err, place, item,
                         "a config key of docs/client-contract.md");
        if (!cJSON_IsNumber(item) ||
            item->valuedouble != floor(item->valuedouble) ||
            !config_allows(key, (int64_t)item->valuedouble))
            return wrong(err, place, item, "an integer in the key's range");
        manifest->config[key] = (int64_t)item->valuedouble;
    }
    return true;
}

/* Single values over the published ones; which profile those are of is read
 * before all else (choose_profile). */
static bool read_profile(struct manifest *manifest, const cJSON *value,
                         const char *place, struct err *err)
{
    cJSON *values;
    char   deeper[PATH_MAX + 16];
    bool   ok;

    if (cJSON_IsString(value))
        return true;
    values = cJSON_Duplicate(value, true);
    cJSON_DeleteItemFromObjectCaseSensitive(values, "name");
    snprintf(deeper, sizeof deeper, "%s: profile", place);
    ok = profile_set(&manifest->profile, values, deeper, err);
    cJSON_Delete(values);
    return ok;
}

/* "profile": "NAME", or {"name": "NAME", ...}, where NAME may be a file beside
 * the manifest; an e2e-config.json names its "sdk"; else the default. A
 * profile that is given goes before. */
static bool choose_profile(struct manifest *manifest, const cJSON *json,
                           const char *place, const struct profile *given,
                           struct err *err)
{
    const cJSON *own = cJSON_GetObjectItemCaseSensitive(json, "profile");
    const cJSON *sdk = cJSON_GetObjectItemCaseSensitive(json, "sdk");
    const char  *name = cJSON_GetStringValue(
        cJSON_IsString(own) ? own
                            : cJSON_GetObjectItemCaseSensitive(own, "name"));

    if (name == NULL && cJSON_IsString(sdk))
        name = profile_of_sdk(sdk->valuestring);
    if (given != NULL)
        manifest->profile = *given;
    else if (!profile_find_beside(&manifest->profile,
                                  name ? name : PROFILE_DEFAULT, place, err))
        return false;
    manifest->profile_base = manifest->profile;
    return true;
}

static bool read_waits(struct manifest *manifest, const cJSON *value,
                       const char *place, struct err *err)
{
    if (!cJSON_IsNumber(value) || value->valuedouble <= 0 ||
        value->valuedouble > WAITS_S_MAX)
        return wrong(err, place, value,
                     "seconds, more than 0 and at most 604800");
    manifest->profile.waits_s = value->valuedouble;
    return true;
}

static bool read_expected(struct manifest *manifest, const cJSON *value,
                          const char *place, struct err *err)
{
    static const char *const allowed[] = {"scenario", "rule", "reason",
                                          "source"};
    const cJSON             *item;

    if (!cJSON_IsArray(value))
        return wrong(err, place, value, "a list");
    cJSON_ArrayForEach (item, value) {
        const char  *fields[4] = {NULL};
        const cJSON *field;

        if (!cJSON_IsObject(item)) /* a list's own have no names */
            return wrong(err, place, value, "a list with a scenario each");
        cJSON_ArrayForEach (field, item) {
            size_t i = 0;

            while (i < 4 && strcmp(allowed[i], field->string) != 0)
                i++;
            if (i == 4 || !cJSON_IsString(field))
                return wrong(err, place, field,
                             "scenario, rule, reason or source, as a string");
            fields[i] = field->valuestring;
        }
        if (fields[0] == NULL)
            return wrong(err, place, value, "a list with a scenario each");
        if (!manifest_expect_failure(manifest, fields[0], fields[1], fields[2],
                                     fields[3], place, err))
            return false;
    }
    return true;
}

static const struct {
    const char *name;
    bool (*read)(struct manifest *manifest, const cJSON *value,
                 const char *place, struct err *err);
} manifest_fields[] = {
    {"name", read_name},
    {"command", read_command},
    {"contract", read_contract},
    {"capabilities", read_capabilities},
    {"units", read_units},
    {"defaults", read_defaults},
    {"waits_s", read_waits},
    {"profile", read_profile},
    {"expected_failures", read_expected},
};

enum { FIELD_COUNT = sizeof manifest_fields / sizeof manifest_fields[0] };

static bool read_field(struct manifest *manifest, const cJSON *value,
                       const char *place, struct err *err)
{
    const char *names[FIELD_COUNT];
    const char *nearest;

    for (size_t i = 0; i < FIELD_COUNT; i++) {
        names[i] = manifest_fields[i].name;
        if (strcmp(names[i], value->string) == 0)
            return manifest_fields[i].read(manifest, value, place, err);
    }
    nearest = text_nearest(value->string, names, FIELD_COUNT);
    return err_set(err, ERR_USAGE, place,
                   "%s: unknown key%s%s%s; allowed are name, command, "
                   "contract, capabilities, units, defaults, waits_s, "
                   "profile, expected_failures",
                   value->string, nearest ? "; did you mean " : "",
                   nearest ? nearest : "", nearest ? "?" : "");
}

/* ---- an SDK's own e2e-config.json ---- */

static bool flag_is(const cJSON *env, const char *name, const char *word)
{
    const cJSON *flag = cJSON_GetObjectItemCaseSensitive(env, name);

    return cJSON_IsString(flag) && strcmp(flag->valuestring, word) == 0;
}

/* Not declared says nothing: such a client is judged by what it sends. */
static enum profile_authorization declared_authorization(const cJSON *env)
{
    if (cJSON_GetObjectItemCaseSensitive(env, "AUTH_HEADER") == NULL)
        return AUTHORIZATION_AS_SENT;
    return flag_is(env, "AUTH_HEADER", "true") ? AUTHORIZATION_BASIC
                                               : AUTHORIZATION_NONE;
}

/* A Retry-After is honoured on every status that is retried. */
static void honour_on_all(struct profile *profile)
{
    for (int status = 100; status < PROFILE_STATUSES; status++)
        profile->retry_after_statuses[status] = true;
}

static bool read_e2e_config(struct manifest *manifest, const cJSON *json,
                            const char *place, struct err *err)
{
    const cJSON *sdk = cJSON_GetObjectItemCaseSensitive(json, "sdk");
    const cJSON *env = cJSON_GetObjectItemCaseSensitive(json, "env");

    if (!cJSON_IsString(sdk))
        return err_set(err, ERR_USAGE, place, "sdk: a name is missing");
    manifest->name = alloc_text(sdk->valuestring);
    contract_e2e.assume(manifest);
    manifest->profile.authorization = declared_authorization(env);
    if (flag_is(env, "GENERIC_RETRY_AFTER", "true"))
        honour_on_all(&manifest->profile);
    return true;
}

/* ---- reading ---- */

static bool read_client_json(struct manifest *manifest, const cJSON *json,
                             const char *path, struct err *err)
{
    const cJSON *value;

    cJSON_ArrayForEach (value, json) {
        if (!read_field(manifest, value, path, err))
            return false;
    }
    if (manifest->name == NULL)
        return err_set(err, ERR_USAGE, path, "name: missing");
    return true;
}

bool manifest_read(const char *folder, const struct profile *given,
                   const char *command, struct manifest **out, struct err *err)
{
    struct manifest *manifest = manifest_new();
    char            *path = alloc_format("%s/client.json", folder);
    bool             own = access(path, R_OK) == 0;
    cJSON           *json = NULL;
    bool             ok;

    if (!own) {
        alloc_free(path);
        path = alloc_format("%s/e2e-config.json", folder);
    }
    ok = access(path, R_OK) == 0;
    if (!ok)
        err_set(err, ERR_USAGE, folder,
                "has neither client.json nor e2e-config.json that could "
                "be read");
    ok = ok && (command == NULL ||
                manifest_split_command(manifest, command, "--client", err));
    if (ok && command != NULL)
        manifest_anchor_command(manifest);
    ok = ok && file_read_json(path, &json, err);
    ok = ok && choose_profile(manifest, json, path, given, err);
    ok = ok && (own ? read_client_json(manifest, json, path, err)
                    : read_e2e_config(manifest, json, path, err));
    if (ok && manifest->command == NULL)
        ok = err_set(err, ERR_USAGE, path,
                     "names no command; give one with --client 'CMD'");
    if (ok) {
        char real[PATH_MAX];

        manifest_find_beside_us(manifest);
        manifest->folder = alloc_text(realpath(folder, real));
        *out = manifest;
        manifest = NULL;
    }
    cJSON_Delete(json);
    manifest_free(manifest);
    alloc_free(path);
    return ok;
}

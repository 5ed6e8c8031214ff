/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/profiles_page.h"

#include "common/alloc.h"
#include "common/bytes.h"
#include "runner/trial/profile_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const part_names[] = {
    [PART_POLICY] = "policy",
    [PART_WIRE] = "wire",
};

/* As people write it: a text without its quotes. Yours. */
static char *value_text(const struct profile *profile, enum profile_key key)
{
    cJSON *value = profile_value(profile, key);
    char  *json = cJSON_IsString(value) ? NULL : cJSON_PrintUnformatted(value);
    char  *text = alloc_text(json ? json : value->valuestring);

    cJSON_free(json);
    cJSON_Delete(value);
    return text;
}

/* "one of: all batch", "a number from 0 to 10". Yours. */
static char *allowed_text(const struct profile_key_info *info)
{
    struct bytes text;

    bytes_init(&text, 1 << 10);
    bytes_format(&text, "%s", info->kind);
    if (info->words != NULL)
        bytes_add(&text, ":");
    for (size_t i = 0; info->words != NULL && info->words[i] != NULL; i++)
        bytes_format(&text, " %s", info->words[i]);
    if (info->max > info->min)
        bytes_format(&text, " from %g to %g", info->min, info->max);
    return bytes_take(&text);
}

/* ---- lists ---- */

bool profiles_print_list(struct err *err)
{
    for (size_t i = 0; profile_listed(i) != NULL; i++) {
        struct profile profile;

        if (!profile_load(&profile, profile_listed(i), err))
            return false;
        printf("%-18s %s\n", profile.name, profile.about);
    }
    return true;
}

static void print_key(enum profile_key key)
{
    struct profile_key_info info = profile_key_info(key);
    char                   *allowed = allowed_text(&info);

    printf("%s (%s)\n  %s\n  allowed  %s\n", info.name, part_names[info.part],
           info.meaning, allowed);
    if (info.null != NULL)
        printf("  null     %s\n", info.null);
    alloc_free(allowed);
}

void profiles_print_keys(void)
{
    for (int i = 0; i < PROFILE_KEY_COUNT; i++)
        print_key((enum profile_key)i);
}

bool profiles_print_key(const char *name)
{
    enum profile_key key = profile_key_find(name);

    if (key == PROFILE_KEY_COUNT)
        return false;
    print_key(key);
    for (size_t i = 0; profile_listed(i) != NULL; i++) {
        struct profile profile;
        struct err     err;
        char          *text;

        if (!profile_load(&profile, profile_listed(i), &err))
            continue;
        text = value_text(&profile, key);
        printf("  %-18s %s\n", profile.name, text);
        alloc_free(text);
    }
    return true;
}

/* ---- one ---- */

bool profiles_print_one(const char *name, struct err *err)
{
    struct profile         profile;
    struct profile_sources sources = {0};
    bool                   ok;

    ok = profile_find_sourced(&profile, &sources, name, err);
    if (ok)
        printf("%s (profile)\n  %s\n\n", profile.name, profile.about);
    for (int i = 0; ok && i < PROFILE_KEY_COUNT; i++) {
        enum profile_key key = (enum profile_key)i;
        char            *text = value_text(&profile, key);

        printf("%-26s %s\n", profile_key_info(key).name, text);
        if (sources.at[i] != NULL)
            printf("%-26s   %s\n", "", sources.at[i]);
        alloc_free(text);
    }
    profile_sources_clear(&sources);
    return ok;
}

bool profiles_print_difference(const char *left, const char *right,
                               struct err *err)
{
    struct profile one;
    struct profile other;
    unsigned       count = 0;

    if (!profile_find(&one, left, err) || !profile_find(&other, right, err))
        return false;
    printf("| value | %s | %s |\n|---|---|---|\n", one.name, other.name);
    for (int i = 0; i < PROFILE_KEY_COUNT; i++) {
        enum profile_key key = (enum profile_key)i;
        char            *first = value_text(&one, key);
        char            *second = value_text(&other, key);

        if (strcmp(first, second) != 0) {
            printf("| %s | %s | %s |\n", profile_key_info(key).name, first,
                   second);
            count++;
        }
        alloc_free(first);
        alloc_free(second);
    }
    printf("\n%u of %d values differ.\n", count, PROFILE_KEY_COUNT);
    return true;
}

/* ---- the page ---- */

static void print_keys_table(void)
{
    printf("## The values\n\n| value | half | what it decides | allowed | null "
           "says |\n|---|---|---|---|---|\n");
    for (int i = 0; i < PROFILE_KEY_COUNT; i++) {
        struct profile_key_info info = profile_key_info((enum profile_key)i);
        char                   *allowed = allowed_text(&info);

        printf("| `%s` | %s | %s | %s | %s |\n", info.name,
               part_names[info.part], info.meaning, allowed,
               info.null ? info.null : "(must be given)");
        alloc_free(allowed);
    }
}

/* What it sets otherwise than what it extends, with the sources. */
static bool print_section(const char *name, struct err *err)
{
    struct profile         profile;
    struct profile         base;
    struct profile_sources sources = {0};
    const char            *parent = profile_parent(name);
    bool                   ok;

    profile_init(&base);
    ok = profile_load_sourced(&profile, &sources, name, err) &&
         (parent == NULL || profile_load(&base, parent, err));
    if (ok)
        printf("\n## %s\n\n| value | %s | here | source |\n"
               "|---|---|---|---|\n",
               name, parent ? parent : "unsaid");
    for (int i = 0; ok && i < PROFILE_KEY_COUNT; i++) {
        enum profile_key key = (enum profile_key)i;
        char            *own = value_text(&profile, key);
        char            *other = value_text(&base, key);

        if (strcmp(own, other) != 0)
            printf("| `%s` | %s | %s | %s |\n", profile_key_info(key).name,
                   other, own, sources.at[i] ? sources.at[i] : "-");
        alloc_free(own);
        alloc_free(other);
    }
    profile_sources_clear(&sources);
    return ok;
}

static bool print_overview(struct err *err)
{
    printf("\n## The profiles\n\n| profile | extends | what it is |\n"
           "|---|---|---|\n");
    for (size_t i = 0; profile_listed(i) != NULL; i++) {
        struct profile profile;
        const char    *parent;

        if (!profile_load(&profile, profile_listed(i), err))
            return false;
        parent = profile_parent(profile.name);
        printf("| [%s](#%s) | %s | %s |\n", profile.name, profile.name,
               parent ? parent : "-", profile.about);
    }
    return true;
}

bool profiles_print_page(struct err *err)
{
    printf("# The profiles that Retrial publishes\n\nMade by `retrial explain "
           "profiles` from `profiles/*.json` and the table in\n"
           "`model/profile_keys.h`; a test holds this page to it. How to write "
           "your own:\n[profiles.md](profiles.md).\n\n");
    print_keys_table();
    if (!print_overview(err))
        return false;
    for (size_t i = 0; profile_listed(i) != NULL; i++) {
        char *name = alloc_text(profile_listed(i));
        bool  ok = print_section(name, err);

        alloc_free(name);
        if (!ok)
            return false;
    }
    return true;
}

/* ---- the schema ---- */

static cJSON *list_of(const char *type)
{
    cJSON *schema = cJSON_CreateObject();

    cJSON_AddStringToObject(schema, "type", "array");
    cJSON_AddStringToObject(cJSON_AddObjectToObject(schema, "items"), "type",
                            type);
    return schema;
}

static cJSON *value_schema(const struct profile_key_info *info)
{
    bool   is_list = strncmp(info->kind, "a list", 6) == 0;
    bool   is_number = info->max > info->min;
    cJSON *schema =
        is_list ? list_of(strstr(info->kind, "seconds") ? "number" : "string")
                : cJSON_CreateObject();

    if (is_number) {
        cJSON_AddStringToObject(schema, "type", "number");
        cJSON_AddNumberToObject(schema, "minimum", info->min);
        cJSON_AddNumberToObject(schema, "maximum", info->max);
    } else if (info->words != NULL) {
        cJSON *words = cJSON_AddArrayToObject(schema, "enum");

        for (size_t i = 0; info->words[i] != NULL; i++)
            cJSON_AddItemToArray(words, cJSON_CreateString(info->words[i]));
    } else if (!is_list) {
        cJSON_AddStringToObject(schema, "type", "string");
    }
    return schema;
}

static cJSON *nullable(cJSON *schema)
{
    cJSON *either = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(either, "anyOf");
    cJSON *null = cJSON_CreateObject();

    cJSON_AddStringToObject(null, "type", "null");
    cJSON_AddItemToArray(list, schema);
    cJSON_AddItemToArray(list, null);
    return either;
}

static cJSON *part_schema(enum profile_part part, bool is_source)
{
    cJSON *schema = cJSON_CreateObject();
    cJSON *members;

    cJSON_AddStringToObject(schema, "type", "object");
    cJSON_AddBoolToObject(schema, "additionalProperties", false);
    members = cJSON_AddObjectToObject(schema, "properties");
    for (int i = 0; i < PROFILE_KEY_COUNT; i++) {
        struct profile_key_info info = profile_key_info((enum profile_key)i);
        cJSON                  *value;

        if (info.part != part && !is_source)
            continue;
        value = is_source ? cJSON_CreateObject() : value_schema(&info);
        if (is_source)
            cJSON_AddStringToObject(value, "type", "string");
        else if (info.null != NULL)
            value = nullable(value);
        if (!is_source)
            cJSON_AddStringToObject(value, "description", info.meaning);
        cJSON_AddItemToObject(members, info.name, value);
    }
    return schema;
}

void profiles_print_schema(void)
{
    static const char *const texts[] = {"name", "extends", "about", "source"};
    cJSON                   *schema = cJSON_CreateObject();
    cJSON                   *members;
    char                    *printed;

    cJSON_AddStringToObject(schema, "$schema",
                            "https://json-schema.org/draft/2020-12/schema");
    cJSON_AddStringToObject(schema, "title", "A profile of Retrial");
    cJSON_AddStringToObject(schema, "type", "object");
    cJSON_AddBoolToObject(schema, "additionalProperties", false);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(schema, "required"),
                         cJSON_CreateString("name"));
    members = cJSON_AddObjectToObject(schema, "properties");
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        cJSON_AddStringToObject(cJSON_AddObjectToObject(members, texts[i]),
                                "type", "string");
    cJSON_AddItemToObject(members, "sdks", list_of("string"));
    cJSON_AddItemToObject(members, "policy", part_schema(PART_POLICY, false));
    cJSON_AddItemToObject(members, "wire", part_schema(PART_WIRE, false));
    cJSON_AddItemToObject(members, "sources", part_schema(PART_WIRE, true));
    printed = cJSON_Print(schema);
    printf("%s\n", printed);
    cJSON_free(printed);
    cJSON_Delete(schema);
}

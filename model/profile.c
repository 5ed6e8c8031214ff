/* SPDX-License-Identifier: Apache-2.0 */
#include "model/profile.h"

#include "common/clock.h"
#include "common/embedded.h"
#include "common/text.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const struct embedded profile_files[];
extern const size_t          profile_files_count;

/* ---- the fields, as tables ---- */

struct word_field {
    const char        *name;
    const char *const *words; /* by enumerator; NULL ends them */
    size_t             offset; /* of an enum */
};

struct number_field {
    const char *name;
    double      min;
    double      max;
    size_t      offset;
};

static const struct word_field word_fields[] = {
#define WORD(enumerator, word) word,
#define FIELD(field, meaning, words)                                           \
    {#field, (const char *const[]){words NULL},                                \
     offsetof(struct profile, field)},
    PROFILE_WORD_MAP(FIELD, WORD)
#undef FIELD
#undef WORD
};

static const struct number_field number_fields[] = {
#define X(field, min, max, meaning)                                            \
    {#field, min, max, offsetof(struct profile, field)},
    PROFILE_NUMBER_MAP(X)
#undef X
};

enum {
    WORD_COUNT = sizeof word_fields / sizeof word_fields[0],
    NUMBER_COUNT = sizeof number_fields / sizeof number_fields[0],
    LIST_COUNT = 5,
};

/* The keys that are neither words nor numbers. */
static const char *const other_fields[LIST_COUNT] = {
    "name", "about", "delivered", "retried", "content_types"};

/* ---- setting values ---- */

static bool refuse_word(const struct word_field *field, const cJSON *value,
                        const char *place, struct err *err)
{
    char   allowed[128] = "";
    size_t used = 0;

    for (size_t i = 0; field->words[i] != NULL && used < sizeof allowed; i++)
        used += (size_t)snprintf(allowed + used, sizeof allowed - used, "%s%s",
                                 i > 0 ? " " : "", field->words[i]);
    return err_set(err, ERR_USAGE, place, "%s: found %s, allowed is one of: %s",
                   field->name,
                   cJSON_IsString(value) ? value->valuestring
                                         : "something that is no string",
                   allowed);
}

static bool set_word(struct profile *profile, const struct word_field *field,
                     const cJSON *value, const char *place, struct err *err)
{
    for (unsigned i = 0; cJSON_IsString(value) && field->words[i] != NULL; i++)
        if (strcmp(field->words[i], value->valuestring) == 0) {
            memcpy((char *)profile + field->offset, &i, sizeof i);
            return true;
        }
    return refuse_word(field, value, place, err);
}

static const char *word_of(const struct profile    *profile,
                           const struct word_field *field)
{
    unsigned word;

    _Static_assert(sizeof word == sizeof(enum profile_gate), "an enum's size");
    memcpy(&word, (const char *)profile + field->offset, sizeof word);
    return field->words[word];
}

static bool set_number(struct profile            *profile,
                       const struct number_field *field, const cJSON *value,
                       const char *place, struct err *err)
{
    double number = cJSON_IsNumber(value) ? value->valuedouble : NAN;

    if (!(number >= field->min && number <= field->max))
        return err_set(err, ERR_USAGE, place,
                       "%s: allowed is a number from %g to %g", field->name,
                       field->min, field->max);
    memcpy((char *)profile + field->offset, &number, sizeof number);
    return true;
}

static bool set_range(struct profile *profile, const char *text,
                      enum status_class class)
{
    char    buffer[16];
    char   *dash;
    int64_t from;
    int64_t to;

    if (strlen(text) >= sizeof buffer)
        return false;
    memcpy(buffer, text, strlen(text) + 1);
    dash = strchr(buffer, '-');
    if (dash != NULL)
        *dash = '\0';
    if (!text_to_int(buffer, 100, 999, &from) ||
        !text_to_int(dash ? dash + 1 : buffer, from, 999, &to))
        return false;
    memset(profile->status + from, (int)class, (size_t)(to - from) + 1);
    return true;
}

static bool set_statuses(struct profile *profile, const cJSON *list,
                         enum status_class class, const char *place,
                         struct err *err)
{
    const cJSON *item;

    if (!cJSON_IsArray(list))
        return err_set(err, ERR_USAGE, place,
                       "%s: allowed is a list of statuses (\"408\", "
                       "\"500-599\")",
                       list->string);
    for (int i = 0; i < 1000; i++)
        if (profile->status[i] == class)
            profile->status[i] = STATUS_DROPPED;
    cJSON_ArrayForEach (item, list) {
        if (!cJSON_IsString(item) ||
            !set_range(profile, item->valuestring, class))
            return err_set(err, ERR_USAGE, place,
                           "%s: found %s, allowed are statuses from 100 to "
                           "999: \"408\" or \"500-599\"",
                           list->string,
                           cJSON_IsString(item) ? item->valuestring
                                                : "no string");
    }
    return true;
}

static bool set_content_types(struct profile *profile, const cJSON *list,
                              const char *place, struct err *err)
{
    const cJSON *item;

    profile->content_type_count = 0;
    cJSON_ArrayForEach (item, list) {
        if (!cJSON_IsString(item) ||
            strlen(item->valuestring) >= PROFILE_NAME_MAX ||
            profile->content_type_count == PROFILE_TYPES_MAX)
            return err_set(err, ERR_USAGE, place,
                           "content_types: allowed are up to %d media types",
                           PROFILE_TYPES_MAX);
        snprintf(profile->content_types[profile->content_type_count++],
                 PROFILE_NAME_MAX, "%s", item->valuestring);
    }
    return true;
}

static bool set_other(struct profile *profile, const cJSON *value,
                      const char *place, struct err *err)
{
    const char *name = value->string;

    if (strcmp(name, "delivered") == 0)
        return set_statuses(profile, value, STATUS_DELIVERED, place, err);
    if (strcmp(name, "retried") == 0)
        return set_statuses(profile, value, STATUS_RETRIED, place, err);
    if (strcmp(name, "content_types") == 0)
        return set_content_types(profile, value, place, err);
    if (!cJSON_IsString(value))
        return err_set(err, ERR_USAGE, place, "%s: allowed is a string", name);
    if (strcmp(name, "name") == 0)
        snprintf(profile->name, sizeof profile->name, "%s", value->valuestring);
    else
        snprintf(profile->about, sizeof profile->about, "%s",
                 value->valuestring);
    return true;
}

static bool unknown_value(const char *name, const char *place, struct err *err)
{
    const char *known[WORD_COUNT + NUMBER_COUNT + LIST_COUNT];
    size_t      count = 0;
    const char *nearest;

    for (size_t i = 0; i < WORD_COUNT; i++)
        known[count++] = word_fields[i].name;
    for (size_t i = 0; i < NUMBER_COUNT; i++)
        known[count++] = number_fields[i].name;
    for (size_t i = 0; i < LIST_COUNT; i++)
        known[count++] = other_fields[i];
    nearest = text_nearest(name, known, count);
    return err_set(err, ERR_USAGE, place,
                   "%s: no such profile value%s%s%s (retrial explain profile "
                   "lists them)",
                   name, nearest ? "; did you mean " : "",
                   nearest ? nearest : "", nearest ? "?" : "");
}

static bool set_value(struct profile *profile, const cJSON *value,
                      const char *place, struct err *err)
{
    for (size_t i = 0; i < WORD_COUNT; i++)
        if (strcmp(word_fields[i].name, value->string) == 0)
            return set_word(profile, &word_fields[i], value, place, err);
    for (size_t i = 0; i < NUMBER_COUNT; i++)
        if (strcmp(number_fields[i].name, value->string) == 0)
            return set_number(profile, &number_fields[i], value, place, err);
    for (size_t i = 0; i < LIST_COUNT; i++)
        if (strcmp(other_fields[i], value->string) == 0)
            return set_other(profile, value, place, err);
    return unknown_value(value->string, place, err);
}

bool profile_set(struct profile *profile, const cJSON *values,
                 const char *place, struct err *err)
{
    struct profile changed = *profile;
    const cJSON   *value;

    if (!cJSON_IsObject(values))
        return err_set(err, ERR_USAGE, place,
                       "allowed is an object of profile values");
    cJSON_ArrayForEach (value, values) {
        if (!set_value(&changed, value, place, err))
            return false;
    }
    if (changed.jitter_min > changed.jitter_max)
        return err_set(err, ERR_USAGE, place,
                       "jitter_min: found %g, allowed is at most jitter_max "
                       "(%g)",
                       changed.jitter_min, changed.jitter_max);
    assert(changed.content_type_count <= PROFILE_TYPES_MAX);
    *profile = changed;
    return true;
}

/* ---- loading and printing ---- */

const char *profile_listed(size_t index)
{
    static char name[PROFILE_NAME_MAX];

    if (index >= profile_files_count)
        return NULL;
    snprintf(name, sizeof name, "%.*s",
             (int)strcspn(profile_files[index].name, "."),
             profile_files[index].name);
    return name;
}

static const struct embedded *profile_file(const char *name)
{
    for (size_t i = 0; i < profile_files_count; i++)
        if (strcmp(profile_listed(i), name) == 0)
            return &profile_files[i];
    return NULL;
}

static bool unknown_profile(const char *name, struct err *err)
{
    char   known[256] = "";
    size_t used = 0;

    for (size_t i = 0; i < profile_files_count && used < sizeof known; i++)
        used += (size_t)snprintf(known + used, sizeof known - used, "%s%s",
                                 i > 0 ? ", " : "", profile_listed(i));
    return err_set(err, ERR_USAGE, "--profile",
                   "%s: no such profile; known: %s", name, known);
}

bool profile_load(struct profile *profile, const char *name, struct err *err)
{
    const struct embedded *file = profile_file(name);
    cJSON                 *values;
    bool                   loaded;

    if (file == NULL)
        return unknown_profile(name, err);
    *profile = (struct profile){0};
    memset(profile->status, STATUS_DROPPED, sizeof profile->status);
    profile->jitter_max = 10; /* so that the order of values is free */
    values = cJSON_ParseWithLength(file->text, file->length_bytes);
    if (values == NULL)
        return err_set(err, ERR_OURS, file->name, "this is not JSON");
    loaded = profile_set(profile, values, file->name, err);
    cJSON_Delete(values);
    return loaded;
}

static cJSON *statuses_to_json(const struct profile *profile,
                               enum status_class     class)
{
    cJSON *list = cJSON_CreateArray();

    assert(class <= STATUS_DROPPED);
    for (int from = 100; from <= 999; from++) {
        char text[32];
        int  to = from;

        if (profile->status[from] != class)
            continue;
        while (to < 999 && profile->status[to + 1] == class)
            to++;
        snprintf(text, sizeof text, "%d-%d", from, to);
        cJSON_AddItemToArray(list, cJSON_CreateString(text));
        from = to;
    }
    return list;
}

cJSON *profile_to_json(const struct profile *profile)
{
    cJSON *values = cJSON_CreateObject();
    cJSON *types = cJSON_CreateArray();

    cJSON_AddStringToObject(values, "name", profile->name);
    cJSON_AddStringToObject(values, "about", profile->about);
    for (size_t i = 0; i < WORD_COUNT; i++)
        cJSON_AddStringToObject(values, word_fields[i].name,
                                word_of(profile, &word_fields[i]));
    for (size_t i = 0; i < NUMBER_COUNT; i++) {
        double number;

        memcpy(&number, (const char *)profile + number_fields[i].offset,
               sizeof number);
        cJSON_AddNumberToObject(values, number_fields[i].name, number);
    }
    cJSON_AddItemToObject(values, "delivered",
                          statuses_to_json(profile, STATUS_DELIVERED));
    cJSON_AddItemToObject(values, "retried",
                          statuses_to_json(profile, STATUS_RETRIED));
    for (unsigned i = 0; i < profile->content_type_count; i++)
        cJSON_AddItemToArray(types,
                             cJSON_CreateString(profile->content_types[i]));
    cJSON_AddItemToObject(values, "content_types", types);
    return values;
}

/* ---- what a right client does ---- */

enum status_class profile_status(const struct profile *profile, int status,
                                 bool oauth)
{
    if (status < 100 || status > 999)
        return STATUS_RETRIED; /* no answer at all: a network failure */
    if (status >= 300 && status <= 399 && profile->redirect == REDIRECT_FAILURE)
        return STATUS_DROPPED;
    if (status == 511 && !oauth)
        return profile->status_511_without_oauth ==
                       STATUS_511_WITHOUT_OAUTH_RETRY
                   ? STATUS_RETRIED
                   : STATUS_DROPPED;
    return (enum status_class)profile->status[status];
}

bool profile_honours_retry_after(const struct profile *profile, int status,
                                 bool oauth)
{
    if (profile->retry_after_scope == RETRY_AFTER_SCOPE_429)
        return status == 429;
    return status != 0 &&
           profile_status(profile, status, oauth) == STATUS_RETRIED;
}

struct backoff_law profile_backoff(const struct profile *profile)
{
    return (struct backoff_law){
        .base_s = profile->backoff_base_s,
        .factor = profile->backoff_factor,
        .cap_s = profile->backoff_cap_s,
        .first_s = profile->first_retry_s,
    };
}

int64_t backoff_law_ns(const struct backoff_law *law, unsigned retry)
{
    double wait_s = law->base_s;

    assert(retry >= 1);
    if (retry == 1 && law->first_s >= 0)
        wait_s = law->first_s;
    wait_s *= pow(law->factor, (double)(retry - 1));
    if (wait_s > law->cap_s)
        wait_s = law->cap_s;
    return (int64_t)(wait_s * (double)NS_PER_S);
}

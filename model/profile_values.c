/* SPDX-License-Identifier: Apache-2.0 */
/* The values of a profile, from JSON and to it, by the table of them. */

#include "common/bytes.h"
#include "common/text.h"
#include "model/profile.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum kind {
    KIND_WORDS,
    KIND_NUMBER,
    KIND_STATUSES,
    KIND_TEXT,
    KIND_TEXTS,
    KIND_LINE,
    KIND_SECONDS,
    KIND_COUNT
};

struct key {
    const char        *name;
    enum kind          kind;
    enum profile_part  part;
    const char        *null; /* what it says; NULL = it is not allowed */
    const char        *meaning;
    size_t             offset; /* in struct profile */
    const char *const *words; /* by enumerator; NULL ends them */
    double             min; /* of a number */
    double             max;
};

static const struct key keys[PROFILE_KEY_COUNT] = {
#define ROW(part, field, null, meaning, kind, words, min, max)                 \
    {#field, kind, part, null, meaning, offsetof(struct profile, field),       \
     words,  min,  max},
#define WORD(enumerator, word) word,
#define WORDS(part, field, null, meaning, list)                                \
    ROW(part, field, null, meaning, KIND_WORDS,                                \
        ((const char *const[]){list NULL}), 0, 0)
#define NUMBER(part, field, null, min, max, meaning)                           \
    ROW(part, field, null, meaning, KIND_NUMBER, NULL, min, max)
#define STATUSES(part, field, null, meaning)                                   \
    ROW(part, field, null, meaning, KIND_STATUSES, NULL, 0, 0)
#define TEXT(part, field, null, meaning)                                       \
    ROW(part, field, null, meaning, KIND_TEXT, NULL, 0, 0)
#define TEXTS(part, field, null, meaning)                                      \
    ROW(part, field, null, meaning, KIND_TEXTS, NULL, 0, 0)
#define LINE(part, field, null, meaning)                                       \
    ROW(part, field, null, meaning, KIND_LINE, NULL, 0, 0)
#define SECONDS(part, field, null, meaning)                                    \
    ROW(part, field, null, meaning, KIND_SECONDS, NULL, 0, 0)
    PROFILE_MAP(WORDS, WORD, NUMBER, STATUSES, TEXT, TEXTS, LINE, SECONDS)
#undef ROW
#undef WORD
#undef WORDS
#undef NUMBER
#undef STATUSES
#undef TEXT
#undef TEXTS
#undef LINE
#undef SECONDS
};

/* A status is in one of these lists: in that which names it last. */
static const enum profile_key classes[] = {
    PROFILE_KEY_delivered, PROFILE_KEY_retried, PROFILE_KEY_either};

static void *value_at(struct profile *profile, const struct key *key)
{
    return (char *)profile + key->offset;
}

static const void *value_of(const struct profile *profile,
                            const struct key     *key)
{
    return (const char *)profile + key->offset;
}

static bool refuse(const struct key *key, const cJSON *found, const char *place,
                   struct err *err, const char *allowed)
{
    char *text = cJSON_PrintUnformatted(found);

    err_set(err, ERR_USAGE, place, "%s: found %.80s, allowed is %s%s",
            key->name, text ? text : "?", allowed,
            key->null ? ", or null" : "");
    cJSON_free(text);
    return false;
}

/* ---- setting, a kind each ---- */

static bool set_words(struct profile *profile, const struct key *key,
                      const cJSON *value, const char *place, struct err *err)
{
    struct bytes allowed;
    bool         refused;

    for (unsigned i = 0; cJSON_IsString(value) && key->words[i] != NULL; i++)
        if (strcmp(key->words[i], value->valuestring) == 0) {
            memcpy(value_at(profile, key), &i, sizeof i);
            return true;
        }
    bytes_init(&allowed, 1 << 10);
    bytes_format(&allowed, "one of:");
    for (size_t i = 0; key->words[i] != NULL; i++)
        bytes_format(&allowed, " %s", key->words[i]);
    refused = refuse(key, value, place, err, bytes_text(&allowed));
    bytes_clear(&allowed);
    return refused;
}

static bool set_number(struct profile *profile, const struct key *key,
                       const cJSON *value, const char *place, struct err *err)
{
    double number = cJSON_IsNumber(value) ? value->valuedouble : NAN;
    char   allowed[64];

    snprintf(allowed, sizeof allowed, "a number from %g to %g", key->min,
             key->max);
    if (!(number >= key->min && number <= key->max))
        return refuse(key, value, place, err, allowed);
    memcpy(value_at(profile, key), &number, sizeof number);
    return true;
}

/* "408" or "500-599". */
static bool read_range(const char *text, int64_t *from, int64_t *to)
{
    char  buffer[16];
    char *dash;

    if (strlen(text) >= sizeof buffer)
        return false;
    memcpy(buffer, text, strlen(text) + 1);
    dash = strchr(buffer, '-');
    if (dash != NULL)
        *dash = '\0';
    return text_to_int(buffer, 100, PROFILE_STATUSES - 1, from) &&
           text_to_int(dash ? dash + 1 : buffer, *from, PROFILE_STATUSES - 1,
                       to);
}

static void move_here(struct profile *profile, const struct key *key)
{
    const bool *here = value_of(profile, key);
    bool        is_class = false;

    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
        is_class = is_class || key == &keys[classes[i]];
    for (size_t i = 0; is_class && i < sizeof classes / sizeof classes[0];
         i++) {
        bool *there = value_at(profile, &keys[classes[i]]);

        for (int j = 0; there != here && j < PROFILE_STATUSES; j++)
            there[j] = there[j] && !here[j];
    }
}

static bool set_statuses(struct profile *profile, const struct key *key,
                         const cJSON *value, const char *place, struct err *err)
{
    static const char allowed[] =
        "a list of statuses from 100 to 999 (\"408\", \"500-599\")";
    bool        *statuses = value_at(profile, key);
    const cJSON *item;

    if (!cJSON_IsArray(value))
        return refuse(key, value, place, err, allowed);
    memset(statuses, 0, PROFILE_STATUSES * sizeof statuses[0]);
    cJSON_ArrayForEach (item, value) {
        int64_t from;
        int64_t to;

        if (!cJSON_IsString(item) || !read_range(item->valuestring, &from, &to))
            return refuse(key, item, place, err, allowed);
        for (; from <= to; from++)
            statuses[from] = true;
    }
    move_here(profile, key);
    return true;
}

static bool is_name(const cJSON *value)
{
    return cJSON_IsString(value) && value->valuestring[0] != '\0' &&
           strlen(value->valuestring) < PROFILE_NAME_MAX &&
           value->valuestring[strspn(value->valuestring,
                                     "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                     "abcdefghijklmnopqrstuvwxyz"
                                     "0123456789-_+./*")] == '\0';
}

static bool set_text(struct profile *profile, const struct key *key,
                     const cJSON *value, const char *place, struct err *err)
{
    if (!is_name(value))
        return refuse(key, value, place, err, "a name of at most 63 letters");
    snprintf(value_at(profile, key), PROFILE_NAME_MAX, "%s",
             value->valuestring);
    return true;
}

static bool set_texts(struct profile *profile, const struct key *key,
                      const cJSON *value, const char *place, struct err *err)
{
    static const char     allowed[] = "a list of at most 8 names";
    struct profile_texts *texts = value_at(profile, key);
    const cJSON          *item;

    if (!cJSON_IsArray(value) || cJSON_GetArraySize(value) > PROFILE_TEXTS_MAX)
        return refuse(key, value, place, err, allowed);
    *texts = (struct profile_texts){0};
    cJSON_ArrayForEach (item, value) {
        if (!is_name(item))
            return refuse(key, item, place, err, allowed);
        snprintf(texts->at[texts->count++], PROFILE_NAME_MAX, "%s",
                 item->valuestring);
    }
    return true;
}

static bool set_line(struct profile *profile, const struct key *key,
                     const cJSON *value, const char *place, struct err *err)
{
    const char *text = cJSON_GetStringValue(value);

    for (size_t i = 0; text != NULL && text[i] != '\0'; i++)
        if ((unsigned char)text[i] < ' ' || i + 1 == PROFILE_LINE_MAX)
            text = NULL;
    if (text == NULL)
        return refuse(key, value, place, err,
                      "a text of one line, of at most 255 bytes");
    snprintf(value_at(profile, key), PROFILE_LINE_MAX, "%s", text);
    return true;
}

static bool set_seconds(struct profile *profile, const struct key *key,
                        const cJSON *value, const char *place, struct err *err)
{
    static const char allowed[] =
        "a list of at most 32 waits from 0 to 604800 s";
    struct profile_seconds *seconds = value_at(profile, key);
    const cJSON            *item;

    if (!cJSON_IsArray(value) ||
        cJSON_GetArraySize(value) > PROFILE_SECONDS_MAX)
        return refuse(key, value, place, err, allowed);
    *seconds = (struct profile_seconds){0};
    cJSON_ArrayForEach (item, value) {
        if (!cJSON_IsNumber(item) ||
            !(item->valuedouble >= 0 && item->valuedouble <= 604800))
            return refuse(key, item, place, err, allowed);
        seconds->at[seconds->count++] = item->valuedouble;
    }
    return true;
}

/* ---- printing, a kind each ---- */

static cJSON *print_words(const struct profile *profile, const struct key *key)
{
    unsigned word;

    _Static_assert(sizeof word == sizeof(enum profile_gate), "an enum's size");
    memcpy(&word, value_of(profile, key), sizeof word);
    return cJSON_CreateString(key->words[word]);
}

static cJSON *print_number(const struct profile *profile, const struct key *key)
{
    double number;

    memcpy(&number, value_of(profile, key), sizeof number);
    return cJSON_CreateNumber(number);
}

static cJSON *print_statuses(const struct profile *profile,
                             const struct key     *key)
{
    const bool *statuses = value_of(profile, key);
    cJSON      *list = cJSON_CreateArray();

    for (int from = 100; from < PROFILE_STATUSES; from++) {
        char text[32];
        int  to = from;

        if (!statuses[from])
            continue;
        while (to + 1 < PROFILE_STATUSES && statuses[to + 1])
            to++;
        snprintf(text, sizeof text, to > from ? "%d-%d" : "%d", from, to);
        cJSON_AddItemToArray(list, cJSON_CreateString(text));
        from = to;
    }
    return list;
}

static cJSON *print_text(const struct profile *profile, const struct key *key)
{
    return cJSON_CreateString(value_of(profile, key));
}

static cJSON *print_texts(const struct profile *profile, const struct key *key)
{
    const struct profile_texts *texts = value_of(profile, key);
    cJSON                      *list = cJSON_CreateArray();

    for (unsigned i = 0; i < texts->count; i++)
        cJSON_AddItemToArray(list, cJSON_CreateString(texts->at[i]));
    return list;
}

static cJSON *print_seconds(const struct profile *profile,
                            const struct key     *key)
{
    const struct profile_seconds *seconds = value_of(profile, key);

    return cJSON_CreateDoubleArray(seconds->at, (int)seconds->count);
}

static const struct {
    const char *name;
    bool (*set)(struct profile *profile, const struct key *key,
                const cJSON *value, const char *place, struct err *err);
    cJSON *(*print)(const struct profile *profile, const struct key *key);
} kinds[KIND_COUNT] = {
    [KIND_WORDS] = {"one of", set_words, print_words},
    [KIND_NUMBER] = {"a number", set_number, print_number},
    [KIND_STATUSES] = {"a list of statuses", set_statuses, print_statuses},
    [KIND_TEXT] = {"a name", set_text, print_text},
    [KIND_TEXTS] = {"a list of names", set_texts, print_texts},
    [KIND_LINE] = {"a text", set_line, print_text},
    [KIND_SECONDS] = {"a list of seconds", set_seconds, print_seconds},
};

/* ---- all of them ---- */

void profile_init(struct profile *profile)
{
    *profile = (struct profile){0};
    for (size_t i = 0; i < PROFILE_KEY_COUNT; i++) {
        profile->open[i] = keys[i].null != NULL;
        if (keys[i].kind == KIND_NUMBER)
            memcpy(value_at(profile, &keys[i]),
                   profile->open[i] ? &keys[i].max : &keys[i].min,
                   sizeof(double));
    }
}

enum profile_key profile_key_find(const char *name)
{
    size_t i = 0;

    while (i < PROFILE_KEY_COUNT && strcmp(keys[i].name, name) != 0)
        i++;
    return (enum profile_key)i;
}

struct profile_key_info profile_key_info(enum profile_key key)
{
    assert(key < PROFILE_KEY_COUNT);
    return (struct profile_key_info){
        .name = keys[key].name,
        .part = keys[key].part,
        .null = keys[key].null,
        .meaning = keys[key].meaning,
        .kind = kinds[keys[key].kind].name,
        .words = keys[key].words,
        .min = keys[key].min,
        .max = keys[key].max,
    };
}

static bool unknown_value(const char *name, const char *place, struct err *err)
{
    const char *known[PROFILE_KEY_COUNT];
    const char *nearest;

    for (size_t i = 0; i < PROFILE_KEY_COUNT; i++)
        known[i] = keys[i].name;
    nearest = text_nearest(name, known, PROFILE_KEY_COUNT);
    return err_set(err, ERR_USAGE, place,
                   "%s: no such profile value%s%s%s (retrial explain profile "
                   "lists them)",
                   name, nearest ? "; did you mean " : "",
                   nearest ? nearest : "", nearest ? "?" : "");
}

/* The profile's own name, or what it is about. */
static bool set_own(char *out, size_t room, const cJSON *value,
                    const char *place, struct err *err)
{
    if (!cJSON_IsString(value) || strlen(value->valuestring) >= room)
        return err_set(err, ERR_USAGE, place,
                       "%s: allowed is a text of less than %zu bytes",
                       value->string, room);
    snprintf(out, room, "%s", value->valuestring);
    return true;
}

static bool set_value(struct profile *profile, const cJSON *value,
                      const char *place, struct err *err)
{
    enum profile_key  index = profile_key_find(value->string);
    const struct key *key = &keys[index];

    if (strcmp(value->string, "name") == 0)
        return set_own(profile->name, sizeof profile->name, value, place, err);
    if (strcmp(value->string, "about") == 0)
        return set_own(profile->about, sizeof profile->about, value, place,
                       err);
    if (index == PROFILE_KEY_COUNT)
        return unknown_value(value->string, place, err);
    if (!cJSON_IsNull(value)) {
        profile->open[index] = false;
        return kinds[key->kind].set(profile, key, value, place, err);
    }
    if (key->null == NULL)
        return refuse(key, value, place, err, kinds[key->kind].name);
    profile->open[index] = true;
    if (key->kind == KIND_NUMBER)
        memcpy(value_at(profile, key), &key->max, sizeof key->max);
    if (key->kind == KIND_TEXT)
        memset(value_at(profile, key), 0, PROFILE_NAME_MAX);
    if (key->kind == KIND_LINE)
        memset(value_at(profile, key), 0, PROFILE_LINE_MAX);
    return true;
}

static bool holds_together(const struct profile *profile, const char *place,
                           struct err *err)
{
    if (profile->jitter_min > profile->jitter_max)
        return err_set(err, ERR_USAGE, place,
                       "jitter_min: found %g, allowed is at most jitter_max "
                       "(%g)",
                       profile->jitter_min, profile->jitter_max);
    if (!PROFILE_OPEN(profile, backoff_floor_s) &&
        profile->backoff_floor_s > profile->backoff_cap_s)
        return err_set(err, ERR_USAGE, place,
                       "backoff_floor_s: found %g, allowed is at most "
                       "backoff_cap_s (%g)",
                       profile->backoff_floor_s, profile->backoff_cap_s);
    if (PROFILE_IS(profile, backoff_law, BACKOFF_LAW_TABLE) &&
        profile->backoff_table_s.count == 0)
        return err_set(err, ERR_USAGE, place,
                       "backoff_table_s: found none, allowed is at least one "
                       "wait where backoff_law is table");
    if (!PROFILE_OPEN(profile, path) && profile->path[0] != '/')
        return err_set(err, ERR_USAGE, place,
                       "path: found \"%s\", allowed is a path that begins "
                       "with /",
                       profile->path);
    if (profile->authorization >= AUTHORIZATION_HEADER &&
        PROFILE_OPEN(profile, credential_name))
        return err_set(err, ERR_USAGE, place,
                       "credential_name: found null, allowed is a name where "
                       "authorization is header, query or body-field");
    return true;
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
    if (!holds_together(&changed, place, err))
        return false;
    *profile = changed;
    return true;
}

cJSON *profile_value(const struct profile *profile, enum profile_key key)
{
    assert(key < PROFILE_KEY_COUNT);
    return profile->open[key]
               ? cJSON_CreateNull()
               : kinds[keys[key].kind].print(profile, &keys[key]);
}

cJSON *profile_to_json(const struct profile *profile)
{
    cJSON *values = cJSON_CreateObject();

    cJSON_AddStringToObject(values, "name", profile->name);
    cJSON_AddStringToObject(values, "about", profile->about);
    for (size_t i = 0; i < PROFILE_KEY_COUNT; i++)
        cJSON_AddItemToObject(values, keys[i].name,
                              profile_value(profile, (enum profile_key)i));
    return values;
}

#include "runner/manifest.h"

#include "common/alloc.h"
#include "common/text.h"
#include "runner/file.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wordexp.h>

enum { MANIFEST_BYTES_MAX = 1 << 20, ARGUMENTS_MAX = 256 };

static const char *const contract_names[] = {
#define X(contract, name, meaning) [contract] = name,
    CONTRACT_MAP(X)
#undef X
};

enum contract contract_find(const char *name)
{
    for (int i = 0; i < CONTRACT_COUNT; i++)
        if (strcmp(contract_names[i], name) == 0)
            return (enum contract)i;
    return CONTRACT_COUNT;
}

const char *contract_name(enum contract contract)
{
    return contract_names[contract];
}

/* ---- making and freeing ---- */

static struct manifest *manifest_new(void)
{
    struct manifest *manifest = alloc_zero(1, sizeof *manifest);

    manifest->timeout_in_s = true; /* most e2e-clis take whole seconds */
    for (int i = 0; i < CONFIG_COUNT; i++)
        manifest->config[i] = CONFIG_UNSET;
    return manifest;
}

void manifest_free(struct manifest *manifest)
{
    if (manifest == NULL)
        return;
    for (size_t i = 0; manifest->command && manifest->command[i]; i++)
        alloc_free(manifest->command[i]);
    for (size_t i = 0; i < manifest->capability_count; i++)
        alloc_free(manifest->capabilities[i]);
    for (size_t i = 0; i < manifest->expected_count; i++) {
        alloc_free(manifest->expected[i].scenario);
        alloc_free(manifest->expected[i].subject);
        alloc_free(manifest->expected[i].reason);
        alloc_free(manifest->expected[i].source);
    }
    alloc_free(manifest->expected);
    alloc_free(manifest->capabilities);
    alloc_free(manifest->command);
    alloc_free(manifest->folder);
    alloc_free(manifest->name);
    alloc_free(manifest);
}

static void add_capability(struct manifest *manifest, const char *word)
{
    manifest->capabilities =
        alloc_grow(manifest->capabilities, manifest->capability_count + 1,
                   sizeof manifest->capabilities[0]);
    manifest->capabilities[manifest->capability_count++] = alloc_text(word);
}

static void add_argument(struct manifest *manifest, const char *word)
{
    size_t count = 0;

    while (manifest->command != NULL && manifest->command[count] != NULL)
        count++;
    manifest->command = alloc_grow(manifest->command, count + 2,
                                   sizeof manifest->command[0]);
    manifest->command[count] = alloc_text(word);
    manifest->command[count + 1] = NULL;
}

/* ---- the command ---- */

static const char *word_error(int code)
{
    switch (code) {
    case WRDE_BADCHAR:
        return "an unquoted newline or one of |&;<>(){}";
    case WRDE_CMDSUB:
        return "a command substitution";
    case WRDE_SYNTAX:
        return "an unclosed quote";
    default:
        return "words that cannot be split";
    }
}

/* Split as a shell would: quotes, backslashes, $VARIABLES, no commands. */
static bool split_command(struct manifest *manifest, const char *command,
                          const char *place, struct err *err)
{
    wordexp_t words = {0};
    int       code = wordexp(command, &words, WRDE_NOCMD);

    if (code != 0)
        return err_set(err, ERR_USAGE, place,
                       "found %s in '%s'; allowed is a command as a shell "
                       "would take it, without pipes (wrap those in a script)",
                       word_error(code), command);
    for (size_t i = 0; i < words.we_wordc && i < ARGUMENTS_MAX; i++)
        add_argument(manifest, words.we_wordv[i]);
    wordfree(&words);
    if (manifest->command == NULL)
        return err_set(err, ERR_USAGE, place, "the command is empty");
    return true;
}

/* A name without a slash may stand beside our own program (retrial-client). */
static void find_beside_us(struct manifest *manifest)
{
    char *beside;

    if (strchr(manifest->command[0], '/') != NULL)
        return;
    beside =
        alloc_format("%s/%s", file_program_dir(), manifest->command[0]);
    if (access(beside, X_OK) == 0) {
        alloc_free(manifest->command[0]);
        manifest->command[0] = beside;
    } else {
        alloc_free(beside);
    }
}

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
        return split_command(manifest, value->valuestring, place, err);
    if (!cJSON_IsArray(value) || cJSON_GetArraySize(value) == 0 ||
        cJSON_GetArraySize(value) > ARGUMENTS_MAX)
        return wrong(err, place, value, "a string or a list of words");
    cJSON_ArrayForEach(word, value)
    {
        if (!cJSON_IsString(word))
            return wrong(err, place, value, "a string or a list of words");
        add_argument(manifest, word->valuestring);
    }
    return true;
}

static bool read_contract(struct manifest *manifest, const cJSON *value,
                          const char *place, struct err *err)
{
    enum contract contract = CONTRACT_COUNT;

    if (cJSON_IsString(value))
        contract = contract_find(value->valuestring);
    if (contract == CONTRACT_COUNT)
        return wrong(err, place, value, "\"e2e\" or \"env\"");
    manifest->contract = contract;
    return true;
}

static bool known_capability(const char *word)
{
    static const char *const words[] = {"batches", "oauth", "settings",
                                        "reports-failure"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i], word) == 0)
            return true;
    return text_starts_with(word, "config.") &&
           config_find(word + strlen("config.")) != CONFIG_COUNT;
}

void manifest_add_capability(struct manifest *manifest, const char *word)
{
    for (size_t i = 0; i < manifest->capability_count; i++)
        if (strcmp(manifest->capabilities[i], word) == 0)
            return;
    if (known_capability(word))
        add_capability(manifest, word);
}

static bool read_capabilities(struct manifest *manifest, const cJSON *value,
                              const char *place, struct err *err)
{
    const cJSON *word;

    if (!cJSON_IsArray(value))
        return wrong(err, place, value, "a list of capabilities");
    cJSON_ArrayForEach(word, value)
    {
        if (!cJSON_IsString(word) || !known_capability(word->valuestring))
            return err_set(err, ERR_USAGE, place,
                           "capabilities: found %s, allowed are batches, "
                           "oauth, settings, reports-failure and config.KEY "
                           "with a KEY of docs/client-contract.md",
                           cJSON_IsString(word) ? word->valuestring
                                                : "no string");
        add_capability(manifest, word->valuestring);
    }
    return true;
}

static bool read_units(struct manifest *manifest, const cJSON *value,
                       const char *place, struct err *err)
{
    const cJSON *unit;

    if (!cJSON_IsObject(value))
        return wrong(err, place, value, "an object");
    cJSON_ArrayForEach(unit, value)
    {
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
    cJSON_ArrayForEach(item, value)
    {
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

static bool read_profile(struct manifest *manifest, const cJSON *value,
                         const char *place, struct err *err)
{
    char deeper[PATH_MAX + 16];

    snprintf(deeper, sizeof deeper, "%s: profile", place);
    return profile_set(&manifest->profile, value, deeper, err);
}

static bool known_subject(const char *subject)
{
    return rule_find(subject) != NULL || strcmp(subject, "contract") == 0 ||
           strcmp(subject, "expect") == 0;
}

static bool expect_failure(struct manifest *manifest, const char *scenario,
                           const char *subject, const char *reason,
                           const char *source, const char *place,
                           struct err *err)
{
    struct expected_failure *expected;

    if (subject != NULL && !known_subject(subject))
        return err_set(err, ERR_USAGE, place,
                       "found the rule %s; allowed is a rule's id "
                       "(retrial list rules), contract or expect",
                       subject);
    if (reason == NULL || reason[0] == '\0')
        return err_set(err, ERR_USAGE, place,
                       "%s: an expected failure needs its reason", scenario);
    manifest->expected =
        alloc_grow(manifest->expected, manifest->expected_count + 1,
                   sizeof manifest->expected[0]);
    expected = &manifest->expected[manifest->expected_count++];
    expected->scenario = alloc_text(scenario);
    expected->subject = alloc_text(subject);
    expected->reason = alloc_text(reason);
    expected->source = alloc_text(source);
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
    cJSON_ArrayForEach(item, value)
    {
        const char  *fields[4] = {NULL};
        const cJSON *field;

        cJSON_ArrayForEach(field, item)
        {
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
        if (!expect_failure(manifest, fields[0], fields[1], fields[2],
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
                   "contract, capabilities, units, defaults, profile, "
                   "expected_failures",
                   value->string, nearest ? "; did you mean " : "",
                   nearest ? nearest : "", nearest ? "?" : "");
}

/* ---- an SDK's own e2e-config.json ---- */

/* What every e2e-cli takes (docs/client-contract.md). */
static void add_e2e_capabilities(struct manifest *manifest)
{
    add_capability(manifest, "batches");
    add_capability(manifest, "config.flushAt");
    add_capability(manifest, "config.maxRetries");
    add_capability(manifest, "reports-failure");
    manifest->config[CONFIG_FLUSH_INTERVAL] = 200;
}

static bool flag_is(const cJSON *env, const char *name, const char *word)
{
    const cJSON *flag = cJSON_GetObjectItemCaseSensitive(env, name);

    return cJSON_IsString(flag) && strcmp(flag->valuestring, word) == 0;
}

static bool read_e2e_config(struct manifest *manifest, const cJSON *json,
                            const char *place, struct err *err)
{
    const cJSON *sdk = cJSON_GetObjectItemCaseSensitive(json, "sdk");
    const cJSON *env = cJSON_GetObjectItemCaseSensitive(json, "env");

    if (!cJSON_IsString(sdk))
        return err_set(err, ERR_USAGE, place, "sdk: a name is missing");
    manifest->name = alloc_text(sdk->valuestring);
    add_e2e_capabilities(manifest);
    if (!flag_is(env, "AUTH_HEADER", "true"))
        snprintf(manifest->profile.authorization, PROFILE_WORD_MAX, "none");
    if (flag_is(env, "GENERIC_RETRY_AFTER", "true"))
        snprintf(manifest->profile.retry_after_scope, PROFILE_WORD_MAX,
                 "retryable");
    return true;
}

/* ---- reading ---- */

static bool read_json(const char *path, cJSON **json, struct err *err)
{
    struct bytes text;
    const char  *end = NULL;
    bool         ok;

    bytes_init(&text, MANIFEST_BYTES_MAX);
    ok = file_read(path, &text, err);
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

static bool read_client_json(struct manifest *manifest, const cJSON *json,
                             const char *path, struct err *err)
{
    const cJSON *value;

    cJSON_ArrayForEach(value, json)
    {
        if (!read_field(manifest, value, path, err))
            return false;
    }
    if (manifest->name == NULL)
        return err_set(err, ERR_USAGE, path, "name: missing");
    return true;
}

bool manifest_read(const char *folder, const char *profile_name,
                   const char *command, struct manifest **out,
                   struct err *err)
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
    ok = profile_load(&manifest->profile, profile_name, err);
    manifest->profile_base = manifest->profile;
    if (ok && access(path, R_OK) != 0)
        ok = err_set(err, ERR_USAGE, folder,
                     "has neither client.json nor e2e-config.json that could "
                     "be read");
    ok = ok && (command == NULL ||
                split_command(manifest, command, "--client", err));
    ok = ok && read_json(path, &json, err);
    ok = ok && (own ? read_client_json(manifest, json, path, err)
                    : read_e2e_config(manifest, json, path, err));
    if (ok && manifest->command == NULL)
        ok = err_set(err, ERR_USAGE, path,
                     "names no command; give one with --client 'CMD'");
    if (ok) {
        char real[PATH_MAX];

        find_beside_us(manifest);
        manifest->folder = alloc_text(realpath(folder, real));
        *out = manifest;
        manifest = NULL;
    }
    cJSON_Delete(json);
    manifest_free(manifest);
    alloc_free(path);
    return ok;
}

bool manifest_of_command(const char *command, enum contract contract,
                         const char *profile_name, struct manifest **out,
                         struct err *err)
{
    struct manifest *manifest = manifest_new();

    if (!profile_load(&manifest->profile, profile_name, err) ||
        !split_command(manifest, command, "--client", err)) {
        manifest_free(manifest);
        return false;
    }
    manifest->profile_base = manifest->profile;
    manifest->contract = contract;
    manifest->name = alloc_text(command);
    if (contract == CONTRACT_E2E)
        add_e2e_capabilities(manifest);
    find_beside_us(manifest);
    *out = manifest;
    return true;
}

/* "SCENARIO[:RULE] REASON", or a comment, or nothing. */
static bool read_known_line(struct manifest *manifest, char *line,
                            const char *place, struct err *err)
{
    char *reason = line + strcspn(line, " \t");
    char *subject;

    if (line[0] == '\0' || line[0] == '#')
        return true;
    if (*reason != '\0')
        *reason++ = '\0';
    reason += strspn(reason, " \t");
    subject = strchr(line, ':');
    if (subject != NULL)
        *subject++ = '\0';
    return expect_failure(manifest, line, subject, reason, NULL, place, err);
}

bool manifest_read_known(struct manifest *manifest, const char *path,
                         struct err *err)
{
    struct bytes text;
    char        *rest;
    char        *line;
    bool         ok;

    bytes_init(&text, MANIFEST_BYTES_MAX);
    ok = file_read(path, &text, err);
    rest = text.data;
    for (int number = 1; ok && (line = strsep(&rest, "\n")) != NULL;
         number++) {
        char place[PATH_MAX + 16];

        snprintf(place, sizeof place, "%s:%d", path, number);
        ok = read_known_line(manifest, line, place, err);
    }
    bytes_clear(&text);
    return ok;
}

const char *manifest_lacks(const struct manifest *manifest,
                           const struct plan *plan)
{
    const char *needed;

    for (size_t i = 0; (needed = plan_capability(plan, i)) != NULL; i++) {
        size_t j = 0;

        while (j < manifest->capability_count &&
               strcmp(manifest->capabilities[j], needed) != 0)
            j++;
        if (j == manifest->capability_count)
            return needed;
    }
    return NULL;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/options.h"

#include "common/alloc.h"
#include "common/clock.h"
#include "common/log.h"
#include "common/text.h"
#include "runner/sdks.h"
#include "runner/trial/contract.h"
#include "runner/trial/file.h"
#include "runner/trial/profile_file.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { OPTION_FIRST = 256 }; /* for getopt_long, beyond every letter */

static const struct {
    const char *flag;
    const char *argument;
    const char *help;
} option_words[OPTION_COUNT] = {
#define X(option, flag, argument, help) [option] = {flag, argument, help},
    OPTION_MAP(X)
#undef X
};

static bool allows(uint32_t allowed, int option)
{
    return (allowed >> option & 1) != 0;
}

void options_print_help(uint32_t allowed)
{
    for (int i = 0; i < OPTION_COUNT; i++) {
        char left[40];

        if (!allows(allowed, i))
            continue;
        snprintf(left, sizeof left, "--%s %s", option_words[i].flag,
                 option_words[i].argument);
        printf("  %-25s %s\n", left, option_words[i].help);
    }
}

/* flag: as it was given, with its dashes. */
static bool unknown_flag(const char *flag, uint32_t allowed, struct err *err)
{
    const char *words[OPTION_COUNT];
    size_t      count = 0;
    size_t      length = strcspn(flag, "=");
    char        name[64];
    const char *nearest;

    for (int i = 0; i < OPTION_COUNT; i++)
        if (allows(allowed, i))
            words[count++] = option_words[i].flag;
    snprintf(name, sizeof name, "%.*s", (int)length, flag);
    nearest = text_nearest(name + strspn(name, "-"), words, count);
    return err_set(err, ERR_USAGE, "flags",
                   "%s is no flag of this command%s%s%s", name,
                   nearest ? "; did you mean --" : "", nearest ? nearest : "",
                   nearest ? "?" : "");
}

static bool wrong_flag(int option, const char *what, struct err *err)
{
    char place[40];

    snprintf(place, sizeof place, "--%s", option_words[option].flag);
    return err_set(err, ERR_USAGE, place, "%s; allowed is one --%s%s%s", what,
                   option_words[option].flag,
                   option_words[option].argument[0] != '\0' ? " " : "",
                   option_words[option].argument);
}

static bool anothers_flag(int option, uint32_t allowed, struct err *err)
{
    char flag[40];

    snprintf(flag, sizeof flag, "--%s", option_words[option].flag);
    return unknown_flag(flag, allowed, err);
}

/* What getopt_long makes '?' of: a flag of nobody, or one that takes no
 * argument and has one. */
static bool not_understood(const char *word, uint32_t allowed, struct err *err)
{
    char letter[] = {'-', (char)optopt, '\0'};

    if (optopt >= OPTION_FIRST && allows(allowed, optopt - OPTION_FIRST))
        return wrong_flag(optopt - OPTION_FIRST, "takes no argument", err);
    return unknown_flag(optopt > 0 && optopt < OPTION_FIRST ? letter : word,
                        allowed, err);
}

static bool parse_shard(const char *text, struct shard *shard, struct err *err)
{
    char    part[16];
    size_t  length = strcspn(text, "/");
    int64_t number;
    int64_t count;

    snprintf(part, sizeof part, "%.*s", (int)length, text);
    if (text[length] != '/' ||
        !text_to_int(text + length + 1, 1, 10000, &count) ||
        !text_to_int(part, 1, count, &number))
        return err_set(err, ERR_USAGE, "--shard",
                       "found %s, allowed is I/N with 1 <= I <= N <= 10000",
                       text);
    shard->number = (unsigned)number;
    shard->count = (unsigned)count;
    return true;
}

static bool parse_number(const char *flag, const char *text, int64_t min,
                         int64_t max, int64_t *value, struct err *err)
{
    if (text == NULL || text_to_int(text, min, max, value))
        return true;
    return err_set(err, ERR_USAGE, flag,
                   "found %s, allowed is a whole number from %" PRId64
                   " to %" PRId64,
                   text, min, max);
}

static bool parse_clock(const char *text, struct trial_clock_wish *trial_clock,
                        struct err *err)
{
    *trial_clock = (struct trial_clock_wish){.kind = TRIAL_CLOCK_REAL};
    trial_clock->best = text == NULL || strcmp(text, "auto") == 0;
    return trial_clock->best || trial_clock_find(text, &trial_clock->kind) ||
           err_set(err, ERR_USAGE, "--clock",
                   "found %s, allowed is real, jump or auto", text);
}

static bool parse_values(struct options *options, struct err *err)
{
    int64_t seed = (int64_t)(clock_wall_ns(clock_real()) / NS_PER_MS);
    int64_t port = 0;

    if (!parse_number("--jobs", options->text[OPTION_JOBS], 1, 1000,
                      &options->jobs, err) ||
        !parse_clock(options->text[OPTION_CLOCK], &options->trial_clock, err) ||
        !parse_number("--seed", options->text[OPTION_SEED], 0, INT64_MAX, &seed,
                      err) ||
        !parse_number("--port", options->text[OPTION_PORT], 0, 65535, &port,
                      err))
        return false;
    options->seed = (uint64_t)seed;
    options->port = (int)port;
    return options->text[OPTION_SHARD] == NULL ||
           parse_shard(options->text[OPTION_SHARD], &options->shard, err);
}

bool options_parse(int argc, char **argv, uint32_t allowed,
                   struct options *options, struct err *err)
{
    struct option long_options[OPTION_COUNT + 1] = {{0}};
    int           code;

    *options = (struct options){0};
    for (int i = 0; i < OPTION_COUNT; i++)
        long_options[i] = (struct option){
            .name = option_words[i].flag,
            .has_arg = option_words[i].argument[0] != '\0',
            .val = i + OPTION_FIRST,
        };
    opterr = 0;
    optind = 1;
    while ((code = getopt_long(argc, argv, ":v", long_options, NULL)) != -1) {
        int option = code == 'v' ? (int)OPTION_VERBOSE : code - OPTION_FIRST;

        if (code == '?')
            return not_understood(argv[optind - 1], allowed, err);
        if (code == ':')
            option = optopt - OPTION_FIRST;
        if (!allows(allowed, option))
            return anothers_flag(option, allowed, err);
        if (code == ':')
            return wrong_flag(option, "needs an argument", err);
        if (option == OPTION_PROFILE_SET) {
            if (options->profile_set_count == PROFILE_KEY_COUNT)
                return wrong_flag(option, "is given too often", err);
            options->profile_sets[options->profile_set_count++] = optarg;
            continue;
        }
        if (options->given[option] && option != OPTION_VERBOSE)
            return wrong_flag(option, "is given twice", err);
        if (optarg != NULL && optarg[0] == '\0')
            return wrong_flag(option, "found nothing", err);
        options->given[option] = true;
        options->text[option] = optarg;
    }
    if (options->given[OPTION_VERBOSE])
        log_set_level(LOG_INFO); /* what scenarios print */
    options->arguments = argv + optind;
    options->argument_count = (size_t)(argc - optind);
    return parse_values(options, err);
}

static bool wrong_contract(const char *word, struct err *err)
{
    char *words = contract_words();

    err_set(err, ERR_USAGE, "--contract", "found %s, allowed is %s", word,
            words);
    alloc_free(words);
    return false;
}

/* KEY=VALUE, the value as JSON or as a bare word. */
static bool set_value(struct profile *profile, const char *text,
                      struct err *err)
{
    const char *equals = strchr(text, '=');
    cJSON      *values;
    cJSON      *value;
    char       *key;
    bool        ok;

    if (equals == NULL)
        return err_set(err, ERR_USAGE, "--profile-set",
                       "found %s, allowed is KEY=VALUE", text);
    key = alloc_format("%.*s", (int)(equals - text), text);
    values = cJSON_CreateObject();
    value = cJSON_ParseWithOpts(equals + 1, NULL, true);
    cJSON_AddItemToObject(values, key,
                          value ? value : cJSON_CreateString(equals + 1));
    ok = profile_set(profile, values, "--profile-set", err);
    cJSON_Delete(values);
    alloc_free(key);
    return ok;
}

bool options_set_profile(const struct options *options, struct profile *profile,
                         struct err *err)
{
    for (size_t i = 0; i < options->profile_set_count; i++)
        if (!set_value(profile, options->profile_sets[i], err))
            return false;
    return true;
}

static bool named_profile(const struct options *options,
                          struct profile *profile, struct err *err)
{
    const char *named = options->text[OPTION_PROFILE];

    return profile_find(profile, named ? named : PROFILE_DEFAULT, err);
}

bool options_profile(const struct options *options, struct profile *profile,
                     struct err *err)
{
    return named_profile(options, profile, err) &&
           options_set_profile(options, profile, err);
}

bool options_manifest(const struct options *options, struct manifest **manifest,
                      struct err *err)
{
    const char            *client = options->text[OPTION_CLIENT];
    const char            *sdk = options->text[OPTION_SDK];
    const char            *known = options->text[OPTION_KNOWN];
    const char            *named = options->text[OPTION_PROFILE];
    struct profile         profile;
    const char            *word = options->text[OPTION_CONTRACT];
    const struct contract *contract = contract_find(word ? word : "e2e");
    char                  *folder = NULL;
    bool                   ok;

    if (contract == NULL)
        return wrong_contract(word, err);
    if (word != NULL && (client == NULL || sdk != NULL))
        return err_set(err, ERR_USAGE, "--contract",
                       "goes with a bare --client 'CMD'; a manifest says its "
                       "own");
    if ((named != NULL || sdk == NULL) &&
        !named_profile(options, &profile, err))
        return false;
    if (client != NULL && sdk == NULL) {
        ok = manifest_of_command(client, contract, &profile, manifest, err);
    } else {
        folder = sdk ? sdks_find(sdk, err) : sdks_folder("reference");
        ok = folder != NULL && manifest_read(folder, named ? &profile : NULL,
                                             client, manifest, err);
    }
    alloc_free(folder);
    if (ok &&
        (!options_set_profile(options, &(*manifest)->profile, err) ||
         (known != NULL && !manifest_read_known(*manifest, known, err)))) {
        manifest_free(*manifest);
        *manifest = NULL;
        return false;
    }
    return ok;
}

/* Scenario files among the arguments go before the folder. */
static bool load_arguments(const struct options *options, struct script *script,
                           size_t *loaded, struct err *err)
{
    for (size_t i = 0; i < options->argument_count; i++) {
        if (!scenarios_is_file(options->arguments[i]))
            continue;
        if (!scenarios_load(script, options->arguments[i], err))
            return false;
        ++*loaded;
    }
    return true;
}

bool options_script(const struct options *options,
                    const struct profile *profile, struct script **out,
                    struct err *err)
{
    struct profile       own;
    struct script_config config = {
        .seed = options->seed,
        .lua_dir = options->text[OPTION_LUA_DIR],
        .profile = profile ? profile : &own,
    };
    struct script *script = NULL;
    const char    *path = options->text[OPTION_SCENARIOS];
    char          *ours = alloc_format("%s/scenarios", file_share_dir());
    size_t         loaded = 0;
    bool ok = (profile != NULL || options_profile(options, &own, err)) &&
              script_open(&script, &config, err);

    ok = ok && load_arguments(options, script, &loaded, err);
    if (ok && loaded == 0)
        ok = scenarios_load(script, path ? path : file_seen_from_here(ours),
                            err);
    alloc_free(ours);
    if (!ok) {
        script_close(script);
        return false;
    }
    *out = script;
    return true;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* retrial judge: stored records, judged again, without a network. */

#include "common/alloc.h"
#include "common/clock.h"
#include "model/profile_load.h"
#include "runner/command.h"
#include "runner/conclusion.h"
#include "runner/documents.h"
#include "runner/options.h"
#include "runner/suite/record_file.h"
#include "runner/terminal.h"
#include "runner/trial/profile_file.h"
#include "runner/trial/trial.h"

#include <inttypes.h>
#include <string.h>

/* The scenarios as they are under one seed and one profile: what is drawn in
 * them is what was drawn when the record was made, and what was played follows
 * the profile that it was played for. */
struct edition {
    uint64_t       seed;
    const char    *profile; /* as in the record, which is kept */
    struct script *script;
};

enum { EDITIONS_MAX = 64 };

struct editions {
    struct options options; /* but for the seed */
    struct edition items[EDITIONS_MAX];
    size_t         count;
};

static bool edition_of(struct editions *editions, const struct record *record,
                       const struct profile *profile, const char *path,
                       struct script **script, struct err *err)
{
    struct edition *edition = &editions->items[editions->count];

    for (size_t i = 0; i < editions->count; i++)
        if (editions->items[i].seed == record->seed &&
            strcmp(editions->items[i].profile, record->profile) == 0) {
            *script = editions->items[i].script;
            return true;
        }
    if (editions->count == EDITIONS_MAX)
        return err_set(err, ERR_USAGE, path,
                       "the records are of more than %d seeds and profiles; "
                       "judge them in parts",
                       EDITIONS_MAX);
    editions->options.seed = edition->seed = record->seed;
    edition->profile = record->profile;
    if (!options_script(&editions->options, profile, &edition->script, err))
        return false;
    editions->count++;
    *script = edition->script;
    return true;
}

/* A record is judged by the plan it was played from, not by what a scenario
 * of the same name says today. */
static bool same_plan(const struct record *record, const struct plan *plan,
                      const char *path, struct err *err)
{
    struct bytes text;
    bool         same;

    bytes_init(&text, 4 << 20);
    plan_print(plan, &text);
    same = strcmp(bytes_text(&text), record->plan_text) == 0;
    bytes_clear(&text);
    if (!same)
        return err_set(err, ERR_USAGE, path,
                       "the scenario %s has changed since this was recorded "
                       "(by seed %" PRIu64 "); name the old one with "
                       "--scenarios",
                       plan->id, record->seed);
    return true;
}

static bool read_profile(const struct record *record, const char *path,
                         struct profile *profile, struct profile *base,
                         struct err *err)
{
    cJSON      *values = cJSON_Parse(record->profile);
    const char *name =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(values, "name"));
    bool is_known = name == NULL || profile_is_listed(name);
    bool ok = true;

    if (is_known)
        ok = profile_load(base, name ? name : PROFILE_DEFAULT, err);
    else
        profile_init(base);
    *profile = *base;
    ok = ok && profile_set(profile, values, path, err);
    if (!is_known) /* a file's: what it published is what was recorded */
        *base = *profile;
    cJSON_Delete(values);
    return ok;
}

/* --profile and --profile-set go before what was recorded. */
static bool choose_profile(const struct options *options, struct run *run,
                           struct err *err)
{
    const char *named = options->text[OPTION_PROFILE];

    if (named != NULL) {
        if (!profile_find(&run->profile_base, named, err))
            return false;
        run->profile = run->profile_base;
    }
    return options_set_profile(options, &run->profile, err);
}

static bool judge_one(const char *path, struct editions *editions,
                      struct run *run, struct err *err)
{
    struct script       *script = NULL;
    struct record       *record = NULL;
    const struct plan   *plan = NULL;
    struct trial_result *trial;

    if (!record_file_read(path, &record, err))
        return false;
    if (!read_profile(record, path, &run->profile, &run->profile_base, err) ||
        !edition_of(editions, record, &run->profile, path, &script, err) ||
        !scenarios_find(script, record->plan_id, &plan, err) ||
        !same_plan(record, plan, path, err) ||
        !choose_profile(&editions->options, run, err)) {
        record_free(record);
        return false;
    }
    trial = run_add(run, plan);
    trial->record = record;
    trial->verdict = verdict_new();
    trial->runs = 1;
    trial->wall_ns = record->outcome.ended_ns;
    if (run->client == NULL) {
        run->client = alloc_text(record->client);
        run->command = alloc_format("recorded: %s", path);
        run->clock = alloc_text(record->clock);
        run->seed = record->seed;
        run->started_wall_s = record->started_wall_s;
    }
    return trial_judge(plan, &run->profile, script, record, trial->verdict,
                       err);
}

static bool judge(const struct options *options, enum exit_code *exit_code,
                  struct err *err)
{
    struct report_options how;
    struct editions       editions = {.options = *options};
    struct run           *run = run_new();
    int64_t               started_ns = clock_now_ns(clock_real());
    bool                  ok = options->argument_count > 0 ||
              err_set(err, ERR_USAGE, "judge", "name a record");

    /* The arguments are records, not scenario files. */
    for (size_t i = 0; ok && i < options->argument_count; i++)
        if (scenarios_is_file(options->arguments[i]))
            ok = err_set(err, ERR_USAGE, options->arguments[i],
                         "this is a scenario; judge takes records");
    for (size_t i = 0; ok && i < options->argument_count; i++)
        ok = judge_one(options->arguments[i], &editions, run, err);
    if (ok) {
        run->strict = options->given[OPTION_STRICT];
        run->wall_ns = clock_now_ns(clock_real()) - started_ns;
        how = terminal_options(options->given[OPTION_VERBOSE],
                               options->given[OPTION_SECRETS]);
        *exit_code = conclusion_of(run);
        ok = documents_print("text", run, &how, err);
    }
    run_free(run);
    while (editions.count > 0)
        script_close(editions.items[--editions.count].script);
    return ok;
}

const struct command cmd_judge = {
    .name = "judge",
    .synopsis = "RECORD...",
    .about = "judge stored records again",
    .flags = OPTION_BIT(OPTION_PROFILE) | OPTION_BIT(OPTION_PROFILE_SET) |
             OPTION_BIT(OPTION_SCENARIOS) | OPTION_BIT(OPTION_LUA_DIR) |
             OPTION_BIT(OPTION_SECRETS) | OPTION_BIT(OPTION_VERBOSE) |
             OPTION_BIT(OPTION_STRICT),
    .run = judge,
};

/* retrial judge: stored records, judged again, without a network. */

#include "common/alloc.h"
#include "common/clock.h"
#include "runner/command.h"
#include "runner/documents.h"
#include "runner/options.h"
#include "runner/record_file.h"
#include "runner/terminal.h"
#include "runner/trial.h"

#include <string.h>

static const uint32_t allowed =
    UINT32_C(1) << OPTION_SCENARIOS | UINT32_C(1) << OPTION_LUA_DIR |
    UINT32_C(1) << OPTION_SECRETS | UINT32_C(1) << OPTION_VERBOSE |
    UINT32_C(1) << OPTION_STRICT;

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
                       "the scenario %s has changed since this was recorded; "
                       "name the old one with --scenarios",
                       plan->id);
    return true;
}

static bool read_profile(const struct record *record, const char *path,
                         struct profile *profile, struct profile *base,
                         struct err *err)
{
    cJSON       *values = cJSON_Parse(record->profile);
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(values, "name");
    bool         ok;

    ok = profile_load(base,
                      cJSON_IsString(name) ? name->valuestring : "segment",
                      err);
    *profile = *base;
    ok = ok && profile_set(profile, values, path, err);
    cJSON_Delete(values);
    return ok;
}

static bool judge_one(const char *path, struct script *script,
                      struct run *run, struct err *err)
{
    struct record     *record = NULL;
    const struct plan *plan = NULL;
    struct trial      *trial;

    if (!record_file_read(path, &record, err))
        return false;
    if (!scenarios_find(script, record->plan_id, &plan, err) ||
        !same_plan(record, plan, path, err) ||
        !read_profile(record, path, &run->profile, &run->profile_base, err)) {
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

static bool judge(int argc, char **argv, enum exit_code *exit_code,
                  struct err *err)
{
    struct options        options;
    struct report_options how;
    struct script        *script = NULL;
    struct run           *run = run_new();
    int64_t               started_ns = clock_now_ns(clock_real());
    bool                  ok = options_parse(argc, argv, allowed, &options,
                                             err);

    if (ok && options.argument_count == 0)
        ok = err_set(err, ERR_USAGE, "judge", "name a record");
    /* The arguments are records, not scenario files. */
    for (size_t i = 0; ok && i < options.argument_count; i++)
        if (scenarios_is_file(options.arguments[i]))
            ok = err_set(err, ERR_USAGE, options.arguments[i],
                         "this is a scenario; judge takes records");
    ok = ok && options_script(&options, &script, err);
    for (size_t i = 0; ok && i < options.argument_count; i++)
        ok = judge_one(options.arguments[i], script, run, err);
    if (ok) {
        run->strict = options.given[OPTION_STRICT];
        run->wall_ns = clock_now_ns(clock_real()) - started_ns;
        how = terminal_options(options.given[OPTION_VERBOSE],
                               options.given[OPTION_SECRETS]);
        *exit_code = run_certified(run) ? EXIT_CERTIFIED
                                        : EXIT_NOT_CERTIFIED;
        ok = documents_print("text", run, &how, err);
    }
    run_free(run);
    script_close(script);
    return ok;
}

const struct command cmd_judge = {
    .name = "judge",
    .synopsis = "RECORD...",
    .about = "judge stored records again",
    .flags = &allowed,
    .run = judge,
};

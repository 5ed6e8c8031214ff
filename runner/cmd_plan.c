/* SPDX-License-Identifier: Apache-2.0 */
/* retrial plan: a scenario file, compiled and printed. */

#include "runner/command.h"
#include "runner/options.h"

#include <stdio.h>

static void print_plans(const struct script *script)
{
    for (size_t i = 0; i < script_plan_count(script); i++) {
        struct bytes text;

        bytes_init(&text, 64 << 20);
        plan_print(script_plan(script, i), &text);
        printf("%s%s", i > 0 ? "\n" : "", bytes_text(&text));
        bytes_clear(&text);
    }
}

static bool plan(const struct options *options, enum exit_code *exit_code,
                 struct err *err)
{
    struct profile       profile;
    struct script_config config = {.seed = options->seed,
                                   .lua_dir = options->text[OPTION_LUA_DIR],
                                   .profile = &profile};
    struct script       *script = NULL;
    bool                 ok;

    if (options->argument_count == 0)
        return err_set(err, ERR_USAGE, "plan",
                       "name a scenario file, or a folder of them (explain "
                       "ID prints one of ours)");
    ok = options_profile(options, &profile, err) &&
         script_open(&script, &config, err);
    for (size_t i = 0; ok && i < options->argument_count; i++)
        ok = scenarios_load(script, options->arguments[i], err);
    if (ok)
        print_plans(script);
    script_close(script);
    *exit_code = EXIT_CERTIFIED;
    return ok;
}

const struct command cmd_plan = {
    .name = "plan",
    .synopsis = "FILE...",
    .about = "print compiled scenarios",
    .flags = OPTION_BIT(OPTION_PROFILE) | OPTION_BIT(OPTION_PROFILE_SET) |
             OPTION_BIT(OPTION_LUA_DIR) | OPTION_BIT(OPTION_SEED),
    .run = plan,
};

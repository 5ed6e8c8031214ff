/* SPDX-License-Identifier: Apache-2.0 */
/* retrial list KIND: what Retrial knows, a line each. */

#include "common/text.h"
#include "runner/catalog.h"
#include "runner/command.h"
#include "runner/options.h"

#include <string.h>

static const struct catalog_kind *find_kind(const char *name, struct err *err)
{
    const struct catalog_kind *kind;
    const char                *names[16];
    size_t                     count = 0;
    const char                *nearest;

    for (; (kind = catalog_kind(count)) != NULL; count++) {
        names[count] = kind->name;
        if (strcmp(kind->name, name) == 0)
            return kind;
    }
    nearest = text_nearest(name, names, count);
    err_set(err, ERR_USAGE, "list",
            "found %s%s%s%s, allowed is one of: scenarios, rules, checks, "
            "faults, profiles, mutants, sdks",
            name, nearest ? " (did you mean " : "", nearest ? nearest : "",
            nearest ? "?)" : "");
    return NULL;
}

static bool list(const struct options *options, enum exit_code *exit_code,
                 struct err *err)
{
    const struct catalog_kind *kind;
    struct script             *script = NULL;
    bool                       ok;

    if (options->argument_count != 1)
        return err_set(err, ERR_USAGE, "list",
                       "name just one of: scenarios, rules, checks, faults, "
                       "profiles, mutants, sdks");
    kind = find_kind(options->arguments[0], err);
    ok = kind != NULL && options_script(options, NULL, &script, err) &&
         kind->list(script, err);
    script_close(script);
    *exit_code = EXIT_CERTIFIED;
    return ok;
}

const struct command cmd_list = {
    .name = "list",
    .synopsis = "KIND",
    .about = "scenarios|rules|checks|faults|profiles|mutants|sdks",
    .flags = OPTION_BIT(OPTION_PROFILE) | OPTION_BIT(OPTION_PROFILE_SET) |
             OPTION_BIT(OPTION_SCENARIOS) | OPTION_BIT(OPTION_LUA_DIR),
    .run = list,
};

/* SPDX-License-Identifier: Apache-2.0 */
/* retrial explain NAME: a rule, scenario, check, fault or profile in plain
 * words, with its source. */

#include "common/alloc.h"
#include "common/text.h"
#include "runner/catalog.h"
#include "runner/command.h"
#include "runner/options.h"

#include <string.h>

static bool nothing_known(const struct script *script, const char *name,
                          struct err *err)
{
    const struct catalog_kind *kind;
    const char               **names = NULL;
    size_t                     count = 0;
    const char                *nearest;

    for (size_t i = 0; (kind = catalog_kind(i)) != NULL; i++) {
        const char *known;

        for (size_t j = 0;
             kind->name_at && (known = kind->name_at(script, j)) != NULL; j++) {
            names = alloc_grow(names, count + 1, sizeof names[0]);
            names[count++] = known;
        }
    }
    nearest = text_nearest(name, names, count);
    err_set(err, ERR_USAGE, name,
            "no rule, scenario, check, fault or profile has this name%s%s%s",
            nearest ? "; did you mean " : "", nearest ? nearest : "",
            nearest ? "?" : "");
    alloc_free(names);
    return false;
}

static bool explain(const struct options *options, enum exit_code *exit_code,
                    struct err *err)
{
    const struct catalog_kind *kind;
    struct script             *script = NULL;
    bool                       found = false;
    char *const               *names = options->arguments;
    size_t                     count = options->argument_count;

    if (count == 2 && strcmp(names[0], "profile") == 0) {
        names++; /* "profile KEY" is KEY */
        count--;
    }
    if (count != 1)
        return err_set(err, ERR_USAGE, "explain",
                       "name just one rule, scenario, check, fault or "
                       "profile");
    if (!options_script(options, NULL, &script, err))
        return false;
    for (size_t i = 0; !found && (kind = catalog_kind(i)) != NULL; i++)
        found = kind->explain != NULL && kind->explain(script, names[0]);
    *exit_code = EXIT_CERTIFIED;
    if (!found)
        nothing_known(script, names[0], err);
    script_close(script);
    return found;
}

const struct command cmd_explain = {
    .name = "explain",
    .synopsis = "NAME",
    .about = "a rule, scenario, check, fault or profile in plain words",
    .flags = OPTION_BIT(OPTION_PROFILE) | OPTION_BIT(OPTION_PROFILE_SET) |
             OPTION_BIT(OPTION_SCENARIOS) | OPTION_BIT(OPTION_LUA_DIR),
    .run = explain,
};

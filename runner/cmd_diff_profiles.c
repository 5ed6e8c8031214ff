/* SPDX-License-Identifier: Apache-2.0 */
/* retrial diff-profiles A B: the values in which two profiles differ. */

#include "runner/command.h"
#include "runner/options.h"
#include "runner/profiles_page.h"

static bool diff_profiles(const struct options *options,
                          enum exit_code *exit_code, struct err *err)
{
    if (options->argument_count != 2)
        return err_set(err, ERR_USAGE, "diff-profiles",
                       "name two profiles, built-in ones or files");
    *exit_code = EXIT_CERTIFIED;
    return profiles_print_difference(options->arguments[0],
                                     options->arguments[1], err);
}

const struct command cmd_diff_profiles = {
    .name = "diff-profiles",
    .synopsis = "A B",
    .about = "the values in which two profiles differ",
    .run = diff_profiles,
};

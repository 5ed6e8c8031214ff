/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct report_options terminal_options(bool verbose, bool show_secrets)
{
    struct report_options options = {
        .verbose = verbose,
        .show_secrets = show_secrets,
    };
    const char    *term = getenv("TERM");
    struct winsize size;

    if (isatty(STDOUT_FILENO) == 0)
        return options;
    options.colour = getenv("NO_COLOR") == NULL &&
                     (term == NULL || strcmp(term, "dumb") != 0);
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        options.width = size.ws_col;
    return options;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/suite/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void progress_start(struct progress *progress, size_t trials)
{
    const char *term = getenv("TERM");

    *progress = (struct progress){.trials = trials};
    progress->on = isatty(STDERR_FILENO) != 0 &&
                   (term == NULL || strcmp(term, "dumb") != 0);
}

void progress_show(struct progress *progress)
{
    char line[sizeof progress->shown];

    snprintf(line, sizeof line, "%zu of %zu trials, %zu failed, %u running",
             progress->done, progress->trials, progress->failed,
             progress->running);
    if (!progress->on || strcmp(line, progress->shown) == 0)
        return;
    memcpy(progress->shown, line, sizeof line);
    fprintf(stderr, "\r\033[K%s", line);
}

void progress_stop(const struct progress *progress)
{
    if (progress->on)
        fprintf(stderr, "\r\033[K");
}

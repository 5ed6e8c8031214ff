/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_SUITE_PROGRESS_H
#define RUNNER_SUITE_PROGRESS_H

/* One line on the terminal that tells how far a run is; nothing in a pipe. */

#include <stddef.h>

struct progress {
    int      on; /* stderr is a terminal */
    size_t   trials;
    size_t   done;
    size_t   failed;
    unsigned running;
    char     shown[80]; /* what stands there */
};

void progress_start(struct progress *progress, size_t trials);
void progress_show(struct progress *progress); /* if it says anything new */
void progress_stop(const struct progress *progress); /* wipes the line */

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/suite/load.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    RUNNING_MAX = 400,       /* processes, descriptors: bounded whatever */
    RUNNABLE_PER_PROCESSOR = 2,
    RUNNING_MIN_PER_PROCESSOR = 4,
    JUMPING_MAX_PER_PROCESSOR = 3,
    JUMPING_MIN_PER_PROCESSOR = 2,
};

/* Processes that run or want to, machine-wide; 0 when nobody tells. */
static unsigned runnable(void)
{
    FILE    *file = fopen("/proc/stat", "re");
    char     line[4096];
    unsigned count = 0;

    if (file == NULL)
        return 0;
    while (fgets(line, sizeof line, file) != NULL) {
        const char *digits = line + strlen("procs_running ");

        if (strncmp(line, "procs_running ", strlen("procs_running ")) != 0)
            continue;
        for (; *digits >= '0' && *digits <= '9'; digits++)
            count = count * 10 + (unsigned)(*digits - '0');
        break;
    }
    fclose(file);
    return count;
}

void load_start(struct load *load, bool jumps)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);

    load->processors = processors > 0 ? (unsigned)processors : 1;
    load->others = runnable();
    load->jumps = jumps;
}

bool load_allows(const struct load *load, unsigned running, unsigned jobs)
{
    unsigned least =
        load->processors *
        (load->jumps ? JUMPING_MIN_PER_PROCESSOR : RUNNING_MIN_PER_PROCESSOR);
    unsigned most = load->jumps ? load->processors * JUMPING_MAX_PER_PROCESSOR
                                : RUNNING_MAX;

    if (jobs > 0)
        return running < jobs;
    if (running < least)
        return true;
    return running < most &&
           runnable() <=
               load->others + RUNNABLE_PER_PROCESSOR * load->processors;
}

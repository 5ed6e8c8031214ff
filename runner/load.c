#include "runner/load.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    RUNNING_MAX = 400,       /* processes, descriptors: bounded whatever */
    RUNNABLE_PER_PROCESSOR = 2,
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

bool load_allows(unsigned running, unsigned jobs)
{
    long     processors = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned floor = processors > 0 ? (unsigned)processors : 1;

    if (jobs > 0)
        return running < jobs;
    if (running < 2 * floor)
        return true;
    return running < RUNNING_MAX &&
           runnable() <= RUNNABLE_PER_PROCESSOR * floor;
}

#include "runner/memory.h"

#include <stdio.h>
#include <unistd.h>

enum { PROCESSES_MAX = 256 };

static size_t resident_bytes(pid_t pid)
{
    char          path[64];
    FILE         *file;
    unsigned long size_pages = 0;
    unsigned long resident_pages = 0;

    snprintf(path, sizeof path, "/proc/%d/statm", (int)pid);
    file = fopen(path, "re");
    if (file == NULL)
        return 0;
    if (fscanf(file, "%lu %lu", &size_pages, &resident_pages) != 2)
        resident_pages = 0;
    fclose(file);
    return (size_t)resident_pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* Appends the children of the process; returns the new count. */
static size_t add_children(pid_t pid, pid_t *pids, size_t count)
{
    char  path[64];
    FILE *file;
    int   child;

    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)pid,
             (int)pid);
    file = fopen(path, "re");
    if (file == NULL)
        return count;
    while (count < PROCESSES_MAX && fscanf(file, "%d", &child) == 1)
        pids[count++] = (pid_t)child;
    fclose(file);
    return count;
}

size_t memory_of_tree_bytes(pid_t root)
{
    pid_t  pids[PROCESSES_MAX] = {root};
    size_t count = 1;
    size_t bytes = 0;

    for (size_t i = 0; i < count; i++) {
        bytes += resident_bytes(pids[i]);
        count = add_children(pids[i], pids, count);
    }
    return bytes;
}

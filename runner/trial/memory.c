/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trial/memory.h"

#include "runner/trial/tree.h"

#include <assert.h>
#include <stdio.h>
#include <unistd.h>

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

size_t memory_of_tree_bytes(pid_t root)
{
    pid_t  pids[TREE_PROCESSES_MAX];
    size_t count = tree_list(root, pids);
    size_t bytes = 0;

    assert(root > 1);
    for (size_t i = 0; i < count; i++)
        bytes += resident_bytes(pids[i]);
    return bytes;
}

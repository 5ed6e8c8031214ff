/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trial/tree.h"

#include <assert.h>
#include <signal.h>
#include <stdio.h>

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
    while (count < TREE_PROCESSES_MAX && fscanf(file, "%d", &child) == 1)
        pids[count++] = (pid_t)child;
    fclose(file);
    return count;
}

size_t tree_list(pid_t root, pid_t pids[TREE_PROCESSES_MAX])
{
    size_t count = 1;

    pids[0] = root;
    for (size_t i = 0; i < count; i++)
        count = add_children(pids[i], pids, count);
    return count;
}

/* Listed before anybody is killed: who has lost its parent is below nobody
 * here. Stopped before that, so that nothing more is started. */
void tree_end(pid_t root)
{
    pid_t  pids[TREE_PROCESSES_MAX];
    size_t count;

    assert(root > 1);
    kill(root, SIGSTOP);
    count = tree_list(root, pids);
    for (size_t i = 0; i < count; i++)
        kill(pids[i], SIGKILL);
}

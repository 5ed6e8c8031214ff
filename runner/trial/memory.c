/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trial/memory.h"

#include "common/proc.h"
#include "runner/trial/tree.h"

#include <assert.h>
#include <string.h>
#include <unistd.h>

/* "size resident ...", in pages. */
static size_t resident_bytes(pid_t pid)
{
    char        text[256];
    const char *at;

    proc_read(pid, "statm", text, sizeof text);
    at = strchr(text, ' ');
    return at != NULL
               ? (size_t)proc_number(at + 1) * (size_t)sysconf(_SC_PAGESIZE)
               : 0;
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

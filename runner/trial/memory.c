/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trial/memory.h"

#include "common/proc.h"
#include "runner/trial/tree.h"

#include <assert.h>
#include <string.h>
#include <unistd.h>

#define MEMORY_BYTES_MAX ((size_t)4 << 30)

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

static size_t tree_bytes(pid_t root)
{
    pid_t  pids[TREE_PROCESSES_MAX];
    size_t count = tree_list(root, pids);
    size_t bytes = 0;

    assert(root > 1);
    for (size_t i = 0; i < count; i++)
        bytes += resident_bytes(pids[i]);
    return bytes;
}

bool memory_is_too_much(pid_t root, int64_t now_ns, int64_t *look_at_ns)
{
    if (now_ns < *look_at_ns)
        return false;
    *look_at_ns = now_ns + MEMORY_LOOK_NS;
    return tree_bytes(root) > MEMORY_BYTES_MAX;
}

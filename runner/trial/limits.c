/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trial/limits.h"

#include "runner/trial/sibling.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Several clients at once, each with its threads and connections, are what
 * needs most: sixteen of a hundred descriptors were seen to need 160. */
enum { DESCRIPTORS_LEAST = 512, DESCRIPTORS_RAISED_TO = 65536 };

/* No trial of a right client came near it; a record may grow to more, and one
 * that does ends its trial alone. */
enum { MEMORY_KIB_LEAST = 256 << 10 };

/* A client may have tens of threads, and several trials run at once. */
enum { PROCESSES_LEAST = 64 };

static const struct need {
    unsigned    resource; /* RLIMIT_... */
    rlim_t      unit;  /* of the shell's number */
    rlim_t      least; /* in units */
    const char *of;
    const char *flag;  /* of ulimit */
} needs[] = {
    {RLIMIT_NOFILE, 1, DESCRIPTORS_LEAST, "descriptors", "-n"},
    {RLIMIT_AS, 1024, MEMORY_KIB_LEAST, "KiB of address space", "-v"},
    {RLIMIT_DATA, 1024, MEMORY_KIB_LEAST, "KiB of data", "-d"},
};

/* As the user gave them; nothing was raised before they were noted. */
static struct rlimit given;
static bool          raised;

/* Descriptors cost nothing until they are used, and the lower of the two limits
 * is low for the sake of programs that use select(). */
static void raise_descriptors(void)
{
    struct rlimit wanted;

    if (getrlimit(RLIMIT_NOFILE, &given) != 0)
        return;
    wanted = given;
    if (wanted.rlim_max < DESCRIPTORS_RAISED_TO)
        wanted.rlim_cur = wanted.rlim_max;
    else if (wanted.rlim_cur < DESCRIPTORS_RAISED_TO)
        wanted.rlim_cur = DESCRIPTORS_RAISED_TO;
    raised = setrlimit(RLIMIT_NOFILE, &wanted) == 0;
}

/* ---- processes: how many are left nobody tells but fork ---- */

static int rest(void *unused)
{
    (void)unused;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    return pause();
}

static bool has_processes(struct err *err)
{
    struct sibling born[PROCESSES_LEAST];
    size_t         count = 0;
    int            why = 0;

    while (count < PROCESSES_LEAST && sibling_start(&born[count], rest, NULL))
        count++;
    if (count < PROCESSES_LEAST)
        why = errno;
    for (size_t i = 0; i < count; i++) {
        kill(born[i].pid, SIGKILL);
        waitpid(born[i].pid, NULL, 0);
        sibling_forget(&born[i]);
    }
    return why == 0 ||
           err_set(err, ERR_MACHINE, "ulimit",
                   "-u, or pids.max of a container, allows %zu processes "
                   "more (%s); a run needs %d",
                   count, strerror(why), PROCESSES_LEAST);
}

bool limits_open_up(struct err *err)
{
    raise_descriptors();
    for (size_t i = 0; i < sizeof needs / sizeof needs[0]; i++) {
        const struct need *need = &needs[i];
        struct rlimit      limit;

        if (getrlimit((__rlimit_resource_t)need->resource, &limit) != 0 ||
            limit.rlim_cur >= need->least * need->unit)
            continue;
        return err_set(err, ERR_MACHINE, "ulimit",
                       "%s allows %" PRIuMAX " %s; a run needs %" PRIuMAX
                       ": ulimit %s %" PRIuMAX " (as root, if it is refused)",
                       need->flag, (uintmax_t)(limit.rlim_cur / need->unit),
                       need->of, (uintmax_t)need->least, need->flag,
                       (uintmax_t)need->least);
    }
    return has_processes(err);
}

void limits_put_back(void)
{
    if (raised)
        setrlimit(RLIMIT_NOFILE, &given);
}

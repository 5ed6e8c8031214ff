/* SPDX-License-Identifier: Apache-2.0 */
#include "warp/aim.h"

#include "common/proc.h"
#include "warp/proc_state.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* call, which argument is the signal, whether the first names a process (and
 * not a thread, a group or a descriptor) */
#define AIM_MAP(X)                                                             \
    X(SYS_kill, 1, false)                                                      \
    X(SYS_tkill, 1, false)                                                     \
    X(SYS_tgkill, 2, true)                                                     \
    X(SYS_rt_sigqueueinfo, 1, true)                                            \
    X(SYS_rt_tgsigqueueinfo, 2, true)                                          \
    X(SYS_pidfd_send_signal, 1, false)

static const struct aim_filter calls[] = {
#define X(number, signal, names_process) {number, signal, names_process},
    AIM_MAP(X)
#undef X
};

enum { CALLS = sizeof calls / sizeof calls[0], STATUS_BYTES_MAX = 4096 };

bool aim_filter(size_t index, struct aim_filter *filter)
{
    if (index >= CALLS)
        return false;
    *filter = calls[index];
    return true;
}

/* The number behind the name, in a file of lines "NAME:\tNUMBER"; 0 = none. */
static pid_t field_of(pid_t pid, const char *file, const char *name)
{
    char    text[STATUS_BYTES_MAX];
    int64_t number;

    proc_read(pid, file, text, sizeof text);
    number = proc_number_after(text, name);
    return number > 0 ? (pid_t)number : 0;
}

static pid_t pid_of_descriptor(pid_t tid, uint64_t fd)
{
    char file[64];

    snprintf(file, sizeof file, "fdinfo/%d", (int)fd);
    return field_of(tid, file, "\nPid:\t");
}

bool aim_call(pid_t tid, const struct call *call, struct aim *aim)
{
    size_t i = 0;

    while (i < CALLS && calls[i].number != call->number)
        i++;
    if (i == CALLS)
        return false;
    aim->signal = (int)call->args[calls[i].signal];
    aim->at = call->number == SYS_pidfd_send_signal
                  ? pid_of_descriptor(tid, call->args[0])
                  : (pid_t)call->args[0];
    return true;
}

pid_t aim_parent(pid_t pid)
{
    return field_of(pid, "status", "\nPPid:\t");
}

pid_t aim_group(pid_t pid)
{
    pid_t group = getpgid(pid);

    return group > 0 ? group : 0;
}

bool aim_is_confined(pid_t tid)
{
    char    path[64];
    char    ours[64];
    char    theirs[64];
    ssize_t our_bytes = readlink("/proc/self/ns/pid", ours, sizeof ours);
    ssize_t their_bytes;

    snprintf(path, sizeof path, "/proc/%d/ns/pid", (int)tid);
    their_bytes = readlink(path, theirs, sizeof theirs);
    return our_bytes > 0 && their_bytes > 0 &&
           (our_bytes != their_bytes ||
            memcmp(ours, theirs, (size_t)our_bytes) != 0);
}

void aim_tell(const struct aim *aim, char text[AIM_TEXT_MAX])
{
    const char *name = sigabbrev_np(aim->signal);
    char        program[PROC_STATE_NAME_MAX];
    char        signal[24];

    if (name != NULL)
        snprintf(signal, sizeof signal, "SIG%s", name);
    else
        snprintf(signal, sizeof signal, "signal %d", aim->signal);
    if (aim->at == -1)
        snprintf(text, AIM_TEXT_MAX, "%s to every process", signal);
    else if (aim->at <= 0)
        snprintf(text, AIM_TEXT_MAX, "%s to process group %d", signal,
                 (int)-aim->at);
    else
        snprintf(text, AIM_TEXT_MAX, "%s to process %d (%s)", signal,
                 (int)aim->at, proc_state_name(aim->at, program));
}

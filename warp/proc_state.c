/* SPDX-License-Identifier: Apache-2.0 */
#include "warp/proc_state.h"

#include "common/io.h"
#include "common/proc.h"

#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LOOK_BYTES_MAX = 1024, STATUS_BYTES_MAX = 4096 };

void proc_state_init(struct proc_state *proc, pid_t tid)
{
    assert(tid > 0);
    *proc = (struct proc_state){
        .tid = tid, .stat_fd = -1, .call_fd = -1, .runs_fd = -1};
}

void proc_state_clear(struct proc_state *proc)
{
    io_close(&proc->stat_fd);
    io_close(&proc->call_fd);
    io_close(&proc->runs_fd);
    proc->runs = 0;
    proc->slept_at = 0;
}

static int open_file(pid_t tid, const char *name)
{
    char path[64];

    snprintf(path, sizeof path, "/proc/%d/%s", (int)tid, name);
    return open(path, O_RDONLY | O_CLOEXEC);
}

/* "" when there is nothing to read. */
static const char *read_file(struct proc_state *proc, int *fd, const char *name,
                             char *text)
{
    ssize_t got;

    if (*fd < 0)
        *fd = open_file(proc->tid, name);
    got = *fd < 0 ? 0 : pread(*fd, text, LOOK_BYTES_MAX - 1, 0);
    text[got > 0 ? got : 0] = '\0';
    return text;
}

/* "time-running time-waiting runs" */
uint64_t proc_state_runs(struct proc_state *proc)
{
    char        text[LOOK_BYTES_MAX];
    const char *at = read_file(proc, &proc->runs_fd, "schedstat", text);

    at = strchr(at, ' ');
    at = at != NULL ? strchr(at + 1, ' ') : NULL;
    proc->runs = at != NULL ? proc_number(at + 1) : 0;
    return proc->runs;
}

/* "tid (name) S ..."; the name may hold anything. */
static char state(struct proc_state *proc)
{
    char        text[LOOK_BYTES_MAX];
    const char *end =
        strrchr(read_file(proc, &proc->stat_fd, "stat", text), ')');

    return end != NULL && end[1] == ' ' ? end[2] : 'X';
}

/* The kernel answers "running" also for a thread that is about to sleep but
 * has not left the processor; "stat" would call it sleeping already. */
static bool off_processor(struct proc_state *proc, char *text)
{
    read_file(proc, &proc->call_fd, "syscall", text);
    return text[0] == '-' || (text[0] >= '0' && text[0] <= '9');
}

bool proc_state_asleep(struct proc_state *proc)
{
    char     text[LOOK_BYTES_MAX];
    uint64_t runs = proc->runs;

    if (runs != 0 && runs == proc->slept_at)
        return true;
    proc->slept_at = 0;
    if (!off_processor(proc, text))
        return false;
    if (state(proc) != 'S' || proc_state_runs(proc) != runs)
        return false;
    proc->slept_at = runs;
    return true;
}

/* What "syscall" says is not enough here: it calls a thread off the processor
 * that was woken for another one and has not been queued there yet, which may
 * take that one as long as it takes to be woken itself. */
bool proc_state_still_asleep(struct proc_state *proc)
{
    return proc->slept_at != 0 && state(proc) == 'S';
}

bool proc_state_runs_now(struct proc_state *proc)
{
    char text[LOOK_BYTES_MAX];

    read_file(proc, &proc->call_fd, "syscall", text);
    return text[0] == 'r';
}

bool proc_state_ended(struct proc_state *proc)
{
    return state(proc) == 'Z';
}

/* "number arg arg arg arg arg arg stack code", in hexadecimal but for the
 * first. */
bool proc_state_call(struct proc_state *proc, struct call *call)
{
    char     text[LOOK_BYTES_MAX];
    char    *at = text;
    uint64_t word;

    if (!off_processor(proc, text) || text[0] == '-')
        return false;
    *call = (struct call){0};
    call->number = (int64_t)proc_number(at);
    at += strspn(at, "0123456789");
    for (size_t i = 0; i < CALL_ARGS; i++) {
        if (strncmp(at, " 0x", 3) != 0)
            return false;
        word = 0;
        for (at += 3; *at != ' ' && *at != '\0'; at++)
            word =
                word << 4 | (uint64_t)(*at <= '9' ? *at - '0' : *at - 'a' + 10);
        call->args[i] = word;
    }
    return true;
}

pid_t proc_state_group(pid_t tid)
{
    char    text[STATUS_BYTES_MAX];
    int64_t group;

    proc_read(tid, "status", text, sizeof text);
    group = proc_number_after(text, "\nTgid:\t");
    return group > 0 ? (pid_t)group : 0;
}

/* Read in parts; what may be cut in two is kept for the next. */
bool proc_state_has_mapped(pid_t group, const char *part)
{
    enum { BYTES = 16 * 1024, PARTS_MAX = 256 };
    char    text[BYTES];
    size_t  kept = 0;
    size_t  keep = strlen(part) - 1;
    int     fd = open_file(group, "maps");
    ssize_t got = fd < 0 ? 0 : 1;
    bool    found = false;

    assert(part[0] != '\0' && keep < BYTES);
    for (int i = 0; i < PARTS_MAX && got > 0 && !found; i++) {
        got = read(fd, text + kept, sizeof text - kept);
        if (got <= 0)
            break;
        kept += (size_t)got;
        found = memmem(text, kept, part, strlen(part)) != NULL;
        if (kept > keep) {
            memmove(text, text + kept - keep, keep);
            kept = keep;
        }
    }
    io_close(&fd);
    return found;
}

const char *proc_state_name(pid_t tid, char name[PROC_STATE_NAME_MAX])
{
    proc_read(tid, "comm", name, PROC_STATE_NAME_MAX);
    name[strcspn(name, "\n")] = '\0';
    return name;
}

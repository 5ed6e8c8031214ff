/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trial/orphans.h"

#include "common/bytes.h"
#include "common/proc.h"

#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    COMMAND_BYTES_MAX = 200, /* of each, told */
    TOLD_MAX = 5,
};

void orphans_adopt(void)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1);
}

/* Our own children, orphans that fell to us included; NULL: cannot be told. */
static FILE *open_children(void)
{
    char path[64];

    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    return fopen(path, "re");
}

/* One of them; 0 = none. */
static pid_t any_child(void)
{
    FILE *file = open_children();
    int   pid = 0;

    if (file != NULL) {
        if (fscanf(file, "%d", &pid) != 1)
            pid = 0;
        fclose(file);
    }
    return (pid_t)pid;
}

/* Not at work, nor about to be, nor dead. */
static bool is_asleep(char state)
{
    return state == 'S' || state == 'T';
}

/* A kernel's line of words, of which zeros are the ends. */
static void add_command(pid_t pid, struct bytes *out)
{
    char   text[COMMAND_BYTES_MAX];
    size_t length = proc_read(pid, "cmdline", text, sizeof text);

    while (length > 0 && text[length - 1] == '\0')
        length--;
    for (size_t i = 0; i < length; i++)
        if (text[i] == '\0')
            text[i] = ' ';
    bytes_add(out, text[0] != '\0' ? text : "(no command)");
}

/* Of this group; 0 = of any but ours. */
static bool is_of(pid_t pid, pid_t group)
{
    return group != 0 ? getpgid(pid) == group : getpgid(pid) != getpgrp();
}

char *orphans_tell(pid_t group)
{
    struct bytes told;
    FILE        *file = open_children();
    unsigned     count = 0;
    int          pid;

    if (file == NULL)
        return NULL;
    bytes_init(&told, TOLD_MAX * (COMMAND_BYTES_MAX + 2) + 32);
    while (fscanf(file, "%d", &pid) == 1) {
        if (!is_of(pid, group) || !is_asleep(proc_letter(pid)) ||
            count++ >= TOLD_MAX)
            continue;
        if (count > 1)
            bytes_add(&told, "; ");
        add_command(pid, &told);
    }
    fclose(file);
    if (count > TOLD_MAX)
        bytes_format(&told, "; and %u more", count - TOLD_MAX);
    if (count > 0)
        return bytes_take(&told);
    bytes_clear(&told);
    return NULL;
}

bool orphans_rest(void)
{
    FILE *file = open_children();
    bool  rest = true;
    int   pid;

    while (file != NULL && rest && fscanf(file, "%d", &pid) == 1) {
        char state = proc_letter(pid);

        rest =
            !is_of(pid, 0) || is_asleep(state) || state == 'Z' || state == '\0';
    }
    if (file != NULL)
        fclose(file);
    return rest;
}

/* Each round ends one, and what that one had started falls to us in turn. */
void orphans_end(void)
{
    enum { ROUNDS_MAX = 10000 };
    pid_t orphan;

    for (int i = 0; i < ROUNDS_MAX && (orphan = any_child()) > 0; i++) {
        kill(orphan, SIGKILL);
        waitpid(orphan, NULL, 0);
    }
}

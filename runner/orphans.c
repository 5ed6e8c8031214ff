#include "runner/orphans.h"

#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

void orphans_adopt(void)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1);
}

/* One of our own children, orphans that fell to us included; 0 = none. */
static pid_t any_child(void)
{
    char  path[64];
    FILE *file;
    int   pid = 0;

    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    file = fopen(path, "re");
    if (file != NULL) {
        if (fscanf(file, "%d", &pid) != 1)
            pid = 0;
        fclose(file);
    }
    return (pid_t)pid;
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

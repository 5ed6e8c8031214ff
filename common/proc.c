/* SPDX-License-Identifier: Apache-2.0 */
#include "common/proc.h"

#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

size_t proc_read(pid_t id, const char *name, char *text, size_t size)
{
    char    path[64];
    int     fd;
    ssize_t got;

    snprintf(path, sizeof path, "/proc/%d/%s", (int)id, name);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    got = fd < 0 ? 0 : read(fd, text, size - 1);
    if (fd >= 0)
        close(fd);
    text[got > 0 ? got : 0] = '\0';
    return got > 0 ? (size_t)got : 0;
}

uint64_t proc_number(const char *text)
{
    uint64_t number = 0;

    for (; *text >= '0' && *text <= '9'; text++)
        number = number * 10 + (uint64_t)(*text - '0');
    return number;
}

int64_t proc_number_after(const char *text, const char *name)
{
    const char *at = strstr(text, name);

    return at != NULL ? (int64_t)proc_number(at + strlen(name)) : -1;
}

/* "12 (a name) S 1 ...": the name may hold anything; what follows its last
 * bracket cannot hold one. */
char proc_letter(pid_t id)
{
    char        text[512];
    const char *name_end;

    assert(id > 0);
    proc_read(id, "stat", text, sizeof text);
    name_end = strrchr(text, ')');
    return name_end != NULL && name_end[1] == ' ' ? name_end[2] : '\0';
}

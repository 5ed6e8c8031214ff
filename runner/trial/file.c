/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/trial/file.h"

#include "common/alloc.h"
#include "common/io.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { JSON_BYTES_MAX = 1 << 20 };

bool file_refused(const char *path, const char *what, struct err *err)
{
    err_set_errno(err, path, "%s", what);
    err->code = ERR_USAGE;
    return false;
}

bool file_read(const char *path, struct bytes *text, struct err *err)
{
    int     fd = open(path, O_RDONLY | O_CLOEXEC);
    char    part[65536];
    ssize_t got = -1;
    bool    fits = true;

    while (fd >= 0 && fits && (got = read(fd, part, sizeof part)) > 0)
        fits = bytes_append(text, part, (size_t)got);
    if (got < 0)
        file_refused(path, "cannot be read", err);
    io_close(&fd);
    return got == 0 ||
           (got > 0 &&
            err_set(err, ERR_USAGE, path, "is too large; allowed are %zu bytes",
                    text->max));
}

/* cJSON ends a text where a NUL stands, said or written. */
static bool has_nul(const struct bytes *text)
{
    const char *at = bytes_text(text);

    if (strlen(at) != text->length)
        return true;
    while ((at = strchr(at, '\\')) != NULL) {
        if (strncmp(at, "\\u0000", 6) == 0)
            return true;
        at += at[1] != '\0' ? 2 : 1;
    }
    return false;
}

bool file_read_json(const char *path, cJSON **json, struct err *err)
{
    struct bytes text;
    const char  *end = NULL;
    bool         ok;

    bytes_init(&text, JSON_BYTES_MAX);
    ok = file_read(path, &text, err);
    if (ok && has_nul(&text))
        ok = err_set(err, ERR_USAGE, path,
                     "found a NUL character (\\u0000), which no text here may "
                     "hold");
    if (ok) {
        *json = cJSON_ParseWithOpts(bytes_text(&text), &end, true);
        ok = cJSON_IsObject(*json) ||
             err_set(err, ERR_USAGE, path,
                     "this is not a JSON object (stopped at byte %td)",
                     end ? end - bytes_text(&text) : 0);
    }
    bytes_clear(&text);
    return ok;
}

/* A device or a pipe (/dev/stdout, /dev/full) cannot be renamed onto. */
static bool is_special(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

/* Closes it in any case; errno says what went wrong first. */
static bool put(int fd, const struct bytes *text)
{
    bool ok = fd >= 0 && io_write_all(fd, text->data, text->length) &&
              (fsync(fd) == 0 || errno == EINVAL); /* EINVAL: a pipe */
    int saved = errno;

    if (fd >= 0 && close(fd) != 0 && ok)
        return false;
    errno = saved;
    return ok;
}

static bool put_in_place(const char *path, const struct bytes *text)
{
    return put(open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666),
               text);
}

/* In the folder of path; its name is short, however long the path's is. */
static char *name_aside(const char *path)
{
    const char *slash = strrchr(path, '/');

    return alloc_format("%.*s.retrial-%d.part",
                        slash ? (int)(slash + 1 - path) : 0, path,
                        (int)getpid());
}

static bool put_beside(const char *path, const struct bytes *text)
{
    char *aside = name_aside(path);
    int   saved;
    bool  ok;

    unlink(aside); /* of a process of this number that was killed */
    ok =
        put(open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666), text) &&
        rename(aside, path) == 0;
    saved = errno;
    if (!ok)
        unlink(aside);
    alloc_free(aside);
    errno = saved;
    return ok;
}

/* The folder lets nobody make or replace a file in it, as that of a single
 * file which a container was given. */
static bool is_folder_closed(int code)
{
    return code == EACCES || code == EPERM || code == EROFS || code == EBUSY;
}

bool file_write(const char *path, const struct bytes *text, struct err *err)
{
    char       *real = realpath(path, NULL); /* a link stays one */
    const char *target = real ? real : path;
    bool        ok = is_special(target) ? put_in_place(target, text)
                                        : put_beside(target, text);

    if (!ok && is_folder_closed(errno))
        ok = put_in_place(target, text);
    if (!ok)
        err_set_errno(err, path, "cannot be written");
    alloc_free(real);
    return ok;
}

const char *file_program_dir(void)
{
    static char dir[PATH_MAX];
    ssize_t     length;
    char       *slash;

    if (dir[0] != '\0')
        return dir;
    length = readlink("/proc/self/exe", dir, sizeof dir - 1);
    dir[length > 0 ? length : 0] = '\0';
    slash = strrchr(dir, '/');
    if (slash != NULL)
        *slash = '\0';
    return dir;
}

const char *file_seen_from_here(const char *path)
{
    char   here[PATH_MAX];
    size_t length;

    if (getcwd(here, sizeof here) == NULL)
        return path;
    length = strlen(here);
    if (strncmp(path, here, length) != 0 || path[length] != '/')
        return path;
    return path + length + 1;
}

const char *file_share_dir(void)
{
    static char dir[PATH_MAX];
    char       *installed;

    if (dir[0] != '\0')
        return dir;
    installed = alloc_format("%s/../share/retrial", file_program_dir());
    if (realpath(installed, dir) == NULL)
        snprintf(dir, sizeof dir, "%s", RETRIAL_SOURCE_DIR);
    alloc_free(installed);
    return dir;
}

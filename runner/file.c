#include "runner/file.h"

#include "common/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool file_read(const char *path, struct bytes *text, struct err *err)
{
    int     fd = open(path, O_RDONLY | O_CLOEXEC);
    char    part[65536];
    ssize_t got = -1;
    bool    fits = true;

    if (fd < 0) {
        err_set_errno(err, path, "cannot be read");
        err->code = ERR_USAGE;
        return false;
    }
    while (fits && (got = read(fd, part, sizeof part)) > 0)
        fits = bytes_append(text, part, (size_t)got);
    close(fd);
    if (!fits)
        return err_set(err, ERR_USAGE, path,
                       "is too large; allowed are %zu bytes", text->max);
    if (got < 0) {
        err_set_errno(err, path, "cannot be read");
        err->code = ERR_USAGE;
        return false;
    }
    return true;
}

static bool write_all(int fd, const struct bytes *text)
{
    size_t done = 0;

    while (done < text->length) {
        ssize_t put = write(fd, text->data + done, text->length - done);

        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        done += (size_t)put;
    }
    return true;
}

/* A device or a pipe (/dev/stdout, /dev/full) cannot be renamed onto. */
static bool is_special(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

bool file_write(const char *path, const struct bytes *text, struct err *err)
{
    bool  special = is_special(path);
    char *aside = special ? alloc_text(path)
                          : alloc_format("%s.%d.part", path, (int)getpid());
    int   fd = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    bool  written = fd >= 0 && write_all(fd, text) &&
                   (special || fsync(fd) == 0);

    if (!written)
        err_set_errno(err, path, "cannot be written");
    if (fd >= 0 && close(fd) != 0 && written)
        written = err_set_errno(err, path, "cannot be written");
    if (written && !special && rename(aside, path) != 0)
        written = err_set_errno(err, path, "cannot be written");
    if (!written && !special && fd >= 0)
        unlink(aside);
    alloc_free(aside);
    return written;
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

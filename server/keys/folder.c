/* SPDX-License-Identifier: Apache-2.0 */
#include "server/keys/folder.h"

#include "common/alloc.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX "retrial-keys-"
#define CHANCE "XXXXXX" /* mkdtemp's */

/* A sweep may take one that is not locked yet, again and again. */
enum { TRIES_MAX = 20 };

/* ---- what killed runs have left ---- */

static bool is_name_of_ours(const char *name)
{
    return strlen(name) == strlen(PREFIX CHANCE) &&
           strncmp(name, PREFIX, strlen(PREFIX)) == 0;
}

/* A folder of this user that nobody holds: its owner lives no more. */
static bool is_stale(int fd)
{
    struct stat status;

    return fstat(fd, &status) == 0 && status.st_uid == geteuid() &&
           flock(fd, LOCK_EX | LOCK_NB) == 0;
}

/* Files alone: what else is there is not ours. */
static void remove_files(int fd)
{
    int            own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    DIR           *listing = own >= 0 ? fdopendir(own) : NULL;
    struct dirent *entry;

    while (listing != NULL && (entry = readdir(listing)) != NULL)
        unlinkat(fd, entry->d_name, 0);
    if (listing != NULL)
        closedir(listing);
    else if (own >= 0)
        close(own);
}

static void sweep(const char *under)
{
    DIR           *listing = opendir(under);
    struct dirent *entry;

    while (listing != NULL && (entry = readdir(listing)) != NULL) {
        int fd = -1;

        if (is_name_of_ours(entry->d_name))
            fd = openat(dirfd(listing), entry->d_name,
                        O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (fd >= 0 && is_stale(fd)) {
            remove_files(fd);
            unlinkat(dirfd(listing), entry->d_name, AT_REMOVEDIR);
        }
        if (fd >= 0)
            close(fd);
    }
    if (listing != NULL)
        closedir(listing);
}

/* ---- ours ---- */

/* False: a sweep of another run took it before it was locked. Where nothing
 * can be locked nobody sweeps either. */
static bool hold(struct folder *folder)
{
    struct stat named;
    struct stat held;

    folder->fd =
        open(folder->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder->fd >= 0 &&
        (flock(folder->fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) &&
        stat(folder->path, &named) == 0 && fstat(folder->fd, &held) == 0 &&
        named.st_ino == held.st_ino && named.st_dev == held.st_dev)
        return true;
    if (folder->fd >= 0)
        close(folder->fd);
    return false;
}

bool folder_make(struct folder *folder, struct err *err)
{
    const char *under = getenv("TMPDIR");

    if (under == NULL || under[0] == '\0')
        under = "/tmp";
    sweep(under);
    for (int i = 0; i < TRIES_MAX; i++) {
        *folder = (struct folder){.fd = -1};
        folder->path = alloc_format("%s/" PREFIX CHANCE, under);
        if (mkdtemp(folder->path) == NULL)
            break;
        if (hold(folder))
            return true;
        rmdir(folder->path);
        alloc_free(folder->path);
        folder->path = NULL;
    }
    err_set_errno(err, under, "cannot make a folder there");
    alloc_free(folder->path);
    folder->path = NULL;
    return false;
}

const char *folder_write(struct folder *folder, const char *name,
                         const void *data, size_t length_bytes, struct err *err)
{
    char *path = alloc_format("%s/%s", folder->path, name);
    int   fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool  ok = fd >= 0;

    if (ok) {
        errno = ENOSPC; /* of a part that was written */
        ok = write(fd, data, length_bytes) == (ssize_t)length_bytes;
    }
    assert(folder->count < FOLDER_FILES_MAX);
    folder->files[folder->count++] = path;
    if (fd >= 0 && close(fd) != 0)
        ok = false;
    if (ok)
        return path;
    err_set_errno(err, path, "cannot be written");
    return NULL;
}

void folder_remove(struct folder *folder)
{
    for (size_t i = 0; i < folder->count; i++) {
        unlink(folder->files[i]);
        alloc_free(folder->files[i]);
    }
    if (folder->path != NULL) {
        rmdir(folder->path);
        close(folder->fd);
    }
    alloc_free(folder->path);
    *folder = (struct folder){.fd = -1};
}

#include "server/folder.h"

#include "common/alloc.h"

#include <assert.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

bool folder_make(struct folder *folder, struct err *err)
{
    const char *under = getenv("TMPDIR");

    *folder = (struct folder){0};
    folder->path = alloc_format("%s/retrial-XXXXXX",
                                under && under[0] ? under : "/tmp");
    if (mkdtemp(folder->path) != NULL)
        return true;
    err_set_errno(err, folder->path, "cannot make a folder");
    alloc_free(folder->path);
    folder->path = NULL;
    return false;
}

const char *folder_write(struct folder *folder, const char *name,
                         const void *data, size_t length_bytes,
                         struct err *err)
{
    char *path = alloc_format("%s/%s", folder->path, name);
    int   fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool  ok = fd >= 0 &&
              write(fd, data, length_bytes) == (ssize_t)length_bytes;

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
    if (folder->path != NULL)
        rmdir(folder->path);
    alloc_free(folder->path);
    *folder = (struct folder){0};
}

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVER_KEYS_FOLDER_H
#define SERVER_KEYS_FOLDER_H

/* A new folder under TMPDIR for files that a client is told to read: only this
 * user may, and all of it is removed when its owner goes. One that was killed
 * could not; the next owner of a folder does it. Which is whose the kernel
 * knows: an owner holds a lock on its folder, and so do those it forks. */

#include "common/err.h"

#include <stddef.h>

enum { FOLDER_FILES_MAX = 4 };

struct folder {
    char  *path; /* NULL = none was made */
    int    fd;   /* its lock */
    char  *files[FOLDER_FILES_MAX]; /* their whole paths */
    size_t count;
};

bool MUST_USE folder_make(struct folder *folder, struct err *err);
/* Writes a file of that name, and returns its whole path, which lives as long
 * as the folder; NULL when it could not be written. */
const char *MUST_USE folder_write(struct folder *folder, const char *name,
                                  const void *data, size_t length_bytes,
                                  struct err *err);
/* Removes the files and the folder. */
void folder_remove(struct folder *folder);

#endif

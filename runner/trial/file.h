/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_TRIAL_FILE_H
#define RUNNER_TRIAL_FILE_H

/* Files, read whole within a bound and written whole or not at all. */

#include "common/bytes.h"
#include "common/err.h"

#include <cJSON.h>
#include <stdbool.h>

/* That this cannot be, by errno: the user's mistake. */
bool file_refused(const char *path, const char *what, struct err *err);

/* Fills text (initialised with its bound). Larger is an error. */
bool MUST_USE file_read(const char *path, struct bytes *text, struct err *err);

/* A JSON object of at most a MiB: yours (cJSON_Delete). What is no such object,
 * holds a NUL or goes on behind it is an error. */
bool MUST_USE file_read_json(const char *path, cJSON **json, struct err *err);

/* Writes beside the path and renames, so that a full disk leaves what was
 * there before; fails unless every byte reached the disk. Where the folder
 * allows no second file, the path itself is written. */
bool MUST_USE file_write(const char *path, const struct bytes *text,
                         struct err *err);

/* The folder this program stands in; the share folder with scenarios/ and
 * sdks/: beside an installed program, or the source tree it was built from. */
const char *file_program_dir(void);
const char *file_share_dir(void);

/* The path as a person here would write it: relative when it lies below the
 * working folder. Points into path. */
const char *file_seen_from_here(const char *path);

#endif

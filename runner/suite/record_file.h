/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_SUITE_RECORD_FILE_H
#define RUNNER_SUITE_RECORD_FILE_H

/* A record as a file: what --records and --record keep, and judge reads. */

#include "common/err.h"
#include "model/record.h"

/* The file that the record of a scenario has in a folder of records: its id,
 * with _ for /. Of two scenarios no two have the same. Yours. */
char *record_file_path(const char *folder, const char *id);

/* Whole or not at all; what stood there before stays until then. */
bool MUST_USE record_file_write(const char *path, const struct record *record,
                                struct err *err);
bool MUST_USE record_file_read(const char *path, struct record **record,
                               struct err *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_DOCUMENTS_H
#define RUNNER_DOCUMENTS_H

/* The reports that the flags ask for: the one on stdout, and the files. */

#include "common/err.h"
#include "model/run.h"
#include "reports/report.h"
#include "runner/options.h"

/* Before the run: each file can be opened for writing, so that an hour of
 * trials does not end in a folder that is not there. Makes that of records. */
bool MUST_USE documents_check(const struct options *options, struct err *err);

/* also: another report of the same run, by this name, goes beside the files:
 * report.json is report.NAME.json then. NULL = to the files themselves. */
bool MUST_USE documents_write(const struct options *options,
                              const struct run *run, const char *also,
                              struct err *err);

/* One writer's report to stdout. */
bool MUST_USE documents_print(const char *writer, const struct run *run,
                              const struct report_options *how,
                              struct err                  *err);

#endif

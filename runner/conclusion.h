/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_CONCLUSION_H
#define RUNNER_CONCLUSION_H

/* What a run comes to, as an exit code: the scenario's fault first, then the
 * client's. Whoever did not fail is not refused for what was not exercised. */

#include "model/run.h"
#include "runner/command.h"

enum exit_code conclusion_of(const struct run *run);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUNNER_TERMINAL_H
#define RUNNER_TERMINAL_H

/* How a report on stdout is to look: colour and width on a terminal, plain
 * 80-column lines in a pipe (NO_COLOR and TERM=dumb are heard). */

#include "reports/report.h"

struct report_options terminal_options(bool verbose, bool show_secrets);

#endif

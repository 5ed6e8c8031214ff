/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORTS_WRITERS_H
#define REPORTS_WRITERS_H

/* The writers, one file and one line of the map each. */

#include "reports/report.h"

#define X(option, name, help) extern const struct report_writer writer_##name;
WRITER_MAP(X)
#undef X

#endif

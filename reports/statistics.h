/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORTS_STATISTICS_H
#define REPORTS_STATISTICS_H

/* What was counted in a trial whose waits were judged as a distribution: how
 * likely a right client waits so, and where in its window each wait lay. */

#include "common/bytes.h"
#include "model/verdict.h"
#include "reports/page.h"

/* On a page of text; nothing where nothing was counted. */
void statistics_print(struct page *page, const struct verdict *verdict);
/* The same in HTML, with the histogram as bars. */
void statistics_add_html(const struct verdict *verdict, struct bytes *out);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORTS_HTML_TRIAL_H
#define REPORTS_HTML_TRIAL_H

/* One trial on the HTML page: verdict, findings, and its attempts as bars on
 * a time line. */

#include "reports/view.h"

/* The trial of that index, which is its anchor, too: "tNUMBER". open: it is
 * unfolded at first. */
void html_trial_add(const struct report_view *page, size_t number, bool open);

#endif

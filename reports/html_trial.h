/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORTS_HTML_TRIAL_H
#define REPORTS_HTML_TRIAL_H

/* One trial on the HTML page: verdict, findings, and its attempts as bars on
 * a time line. */

#include "model/run.h"
#include "reports/report.h"

#include <stddef.h>

struct html_trial {
    const struct run            *run;
    const struct trial_result   *trial;
    const struct report_options *options;
    size_t                       number; /* its anchor is "tNUMBER" */
    bool                         open;   /* unfolded at first */
};

void html_trial_add(const struct html_trial *shown, struct bytes *out);

#endif

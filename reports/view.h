/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORTS_VIEW_H
#define REPORTS_VIEW_H

/* What a document is written from: the run, or one trial of it, and where it
 * goes. Writers get it filled (report_write), and give no part of it back. */

#include "reports/page.h"
#include "reports/tally.h"

#include <time.h>

struct report_view {
    struct bytes                *out;
    struct page                  page;  /* out, where people read it */
    struct mask                  mask; /* knows the secrets of trial or run */
    struct tally                *tally; /* NULL where one trial is written */
    const struct run            *run;
    const struct trial_result   *trial; /* NULL = the whole run */
    const struct report_options *options;
    const char                  *failure; /* why it could not be written */
};

/* The view of one trial, with its secrets known: clear it with mask_clear of
 * its mask. */
void view_open_trial(struct report_view *view, const struct run *run,
                     const struct trial_result   *trial,
                     const struct report_options *options, struct bytes *out);

/* page_wrap of a foreign text. */
void view_wrap(struct report_view *view, enum ink ink, size_t at, size_t indent,
               const char *text);

/* When the run started, UTC. */
struct tm view_started(const struct report_view *view);

#endif

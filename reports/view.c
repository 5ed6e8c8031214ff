/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/view.h"

#include "common/alloc.h"

#include <assert.h>

void view_open_trial(struct report_view *view, const struct run *run,
                     const struct trial_result   *trial,
                     const struct report_options *options, struct bytes *out)
{
    assert(trial->plan != NULL && out != NULL);
    *view = (struct report_view){
        .out = out, .run = run, .trial = trial, .options = options};
    page_open(&view->page, options, out);
    mask_init(&view->mask, options->show_secrets);
    mask_learn_trial(&view->mask, trial);
}

void view_wrap(struct report_view *view, enum ink ink, size_t at, size_t indent,
               const char *text)
{
    char *masked = mask_line(&view->mask, text);

    assert(view->page.out == view->out);
    page_wrap(&view->page, ink, at, indent, masked);
    alloc_free(masked);
}

struct tm view_started(const struct report_view *view)
{
    time_t    started = (time_t)view->run->started_wall_s;
    struct tm utc = {0};

    gmtime_r(&started, &utc);
    return utc;
}

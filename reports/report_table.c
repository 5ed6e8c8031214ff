/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/report.h"
#include "reports/view.h"
#include "reports/writers.h"

#include <assert.h>
#include <string.h>

static const struct report_writer *const writers[] = {
#define X(option, name, help) &writer_##name,
    WRITER_MAP(X)
#undef X
};

enum { WRITER_COUNT = sizeof writers / sizeof writers[0] };

const struct report_writer *report_find(const char *name)
{
    assert(name != NULL);
    for (size_t i = 0; i < WRITER_COUNT; i++)
        if (strcmp(writers[i]->name, name) == 0)
            return writers[i];
    return NULL;
}

const struct report_writer *report_listed(size_t index)
{
    return index < WRITER_COUNT ? writers[index] : NULL;
}

bool report_write(const struct report_writer *writer, const struct run *run,
                  const struct report_options *options, struct bytes *out,
                  struct err *err)
{
    struct report_view view = {.out = out, .run = run, .options = options};

    assert(writer != NULL && out->length == 0);
    page_open(&view.page, options, out);
    mask_init(&view.mask, options->show_secrets);
    tally_mask(&view.mask, run);
    view.tally = tally_new(run, &view.mask);
    writer->write(&view);
    tally_free(view.tally);
    mask_clear(&view.mask);
    if (view.failure != NULL)
        return err_set(err, ERR_OURS, writer->name, "%s", view.failure);
    return !out->truncated ||
           err_set(err, ERR_OURS, writer->name,
                   "the report is larger than %zu bytes, which is all that a "
                   "report may be",
                   out->max);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/report.h"
#include "reports/writers.h"

#include <string.h>

static const struct report_writer *const writers[] = {
#define X(option, name, help) &writer_##name,
    WRITER_MAP(X)
#undef X
};

enum { WRITER_COUNT = sizeof writers / sizeof writers[0] };

const struct report_writer *report_find(const char *name)
{
    for (size_t i = 0; i < WRITER_COUNT; i++)
        if (strcmp(writers[i]->name, name) == 0)
            return writers[i];
    return NULL;
}

const struct report_writer *report_listed(size_t index)
{
    return index < WRITER_COUNT ? writers[index] : NULL;
}

bool report_whole(const struct bytes *out, const char *writer, struct err *err)
{
    if (!out->truncated)
        return true;
    return err_set(err, ERR_OURS, writer,
                   "the report is larger than %zu bytes, which is all that a "
                   "report may be",
                   out->max);
}

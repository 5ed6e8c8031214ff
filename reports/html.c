/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/html.h"

#include "common/alloc.h"

#include <assert.h>
#include <string.h>

void html_add(struct bytes *out, const char *text)
{
    while (*text != '\0') {
        size_t plain = strcspn(text, "<>&\"'");

        bytes_append(out, text, plain);
        text += plain;
        if (*text != '\0')
            bytes_format(out, "&#%d;", *text++);
    }
}

void html_put(struct bytes *out, const char *before, const char *text,
              const char *after)
{
    assert(text != NULL);
    bytes_add(out, before);
    html_add(out, text);
    bytes_add(out, after);
}

void html_foreign(struct report_view *view, const char *before,
                  const char *text, const char *after)
{
    char *masked = mask_line(&view->mask, text);

    html_put(view->out, before, masked, after);
    alloc_free(masked);
}

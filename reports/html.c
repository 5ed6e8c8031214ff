/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/html.h"

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

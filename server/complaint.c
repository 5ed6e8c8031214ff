/* SPDX-License-Identifier: Apache-2.0 */
#include "server/complaint.h"

#include "common/text.h"

#include <stdio.h>
#include <string.h>

/* Copies a page's body without its tags. */
static void copy_body(const char *page, char *text, size_t room)
{
    const char *at = strstr(page, "<body>");
    bool        in_tag = false;
    size_t      length = 0;

    for (at = at != NULL ? at : page; *at != '\0' && length + 1 < room; at++) {
        if (text_starts_with(at, "</body>"))
            break;
        if (*at == '<')
            in_tag = true;
        if (!in_tag)
            text[length++] = *at;
        if (*at == '>')
            in_tag = false;
    }
    text[length] = '\0';
}

#define REFUSED "refused with "

bool complaint_read(const char *line, char text[COMPLAINT_MAX])
{
    static const char start[] = "Error processing request";
    const char       *code = strstr(line, "code is ");
    char              reason[COMPLAINT_MAX - 64] = "";

    if (!text_starts_with(line, start))
        return false;
    code = code != NULL ? code + strlen("code is ") : "";
    copy_body(code + strcspn(code, "<"), reason, sizeof reason);
    snprintf(text, COMPLAINT_MAX, REFUSED "%.*s: %s",
             (int)strspn(code, "0123456789"), code, reason);
    return true;
}

enum violation_kind complaint_kind(const char *text)
{
    if (text_starts_with(text, REFUSED "505"))
        return VIOLATION_VERSION;
    if (text_starts_with(text, REFUSED "400") ||
        text_starts_with(text, REFUSED "413"))
        return VIOLATION_FRAME;
    return VIOLATION_OTHER;
}

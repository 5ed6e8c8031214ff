/* SPDX-License-Identifier: Apache-2.0 */
#include "client/verbatim.h"

#include <string.h>

static const char digits[] = "0123456789";

/* The end of the number that begins at text, by RFC 8259, 6; NULL if it is
 * none: "-"? ("0" | [1-9] digits) ("." digits)? (e sign? digits)? */
static const char *number_end(const char *text)
{
    size_t count;

    text += *text == '-';
    count = strspn(text, digits);
    if (count == 0 || (count > 1 && *text == '0'))
        return NULL;
    text += count;
    if (*text == '.') {
        count = strspn(text + 1, digits);
        if (count == 0)
            return NULL;
        text += 1 + count;
    }
    if (*text == 'e' || *text == 'E') {
        text++;
        text += *text == '+' || *text == '-';
        count = strspn(text, digits);
        if (count == 0)
            return NULL;
        text += count;
    }
    return text;
}

/* The end of the string whose opening quote is at text; NULL if a control
 * character comes before it. That its escapes are right, cJSON has seen. */
static const char *string_end(const char *text)
{
    for (text++; *text != '"'; text++) {
        text += *text == '\\';
        if ((unsigned char)*text < ' ')
            return NULL;
    }
    return text + 1;
}

/* The end of the token at text; NULL if it is none. */
static const char *token_end(const char *text)
{
    if (*text == '"')
        return string_end(text);
    if (*text == '-' || strchr(digits, *text) != NULL)
        return number_end(text);
    if (strchr("{}[]:,", *text) != NULL)
        return text + 1;
    if (*text >= 'a' && *text <= 'z') /* true, false, null: cJSON knows */
        return text + strspn(text, "aeflnrstu");
    return NULL;
}

bool verbatim_copy(const char *json, struct bytes *out, struct err *err)
{
    const char *at = json + strspn(json, " \t\r\n");

    while (*at != '\0') {
        const char *end = token_end(at);

        if (end == NULL || end == at)
            return err_set(err, ERR_USAGE, "event",
                           "found no JSON at byte %td (%.20s)", at - json, at);
        bytes_append(out, at, (size_t)(end - at));
        at = end + strspn(end, " \t\r\n");
    }
    return true;
}

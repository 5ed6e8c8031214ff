/* SPDX-License-Identifier: Apache-2.0 */
#include "common/form.h"

#include "common/alloc.h"

#include <assert.h>
#include <string.h>

const char *form_value(const char *form, const char *name, size_t *length_bytes)
{
    size_t length = strlen(name);

    for (const char *at = form; at != NULL; at = strchr(at, '&')) {
        at += *at == '&';
        if (strncmp(at, name, length) != 0 || at[length] != '=')
            continue;
        at += length + 1;
        *length_bytes = strcspn(at, "&");
        return at;
    }
    return NULL;
}

static int hex_of(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    digit = (char)(digit | 0x20);
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

size_t form_unescape(char *text, size_t length)
{
    size_t kept = 0;

    for (size_t i = 0; i < length; i++) {
        bool escaped = text[i] == '%' && i + 2 < length &&
                       hex_of(text[i + 1]) >= 0 && hex_of(text[i + 2]) >= 0;

        if (escaped) {
            text[kept++] =
                (char)(hex_of(text[i + 1]) << 4 | hex_of(text[i + 2]));
            i += 2;
        } else {
            text[kept++] = text[i];
        }
    }
    assert(kept <= length);
    return kept;
}

bool form_value_is(const char *value, size_t length_bytes, const char *text)
{
    char  *plain = alloc_text_n(value, length_bytes);
    size_t length;
    bool   same;

    for (size_t i = 0; i < length_bytes; i++)
        if (plain[i] == '+')
            plain[i] = ' ';
    length = form_unescape(plain, length_bytes);
    same = length == strlen(text) && memcmp(plain, text, length) == 0;
    alloc_free(plain);
    return same;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "reports/raw.h"

#include "common/alloc.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { ESCAPE_MAX = 8, RAW_TEXT_MAX = ESCAPE_MAX * RECORD_RAW_KEPT_MAX };

static void escape(const char *data, size_t length_bytes, struct bytes *out)
{
    for (size_t i = 0; i < length_bytes; i++) {
        const unsigned char byte = (unsigned char)data[i];

        if (byte == '\r')
            bytes_add(out, "\\r");
        else if (byte == '\n')
            bytes_add(out, "\\n");
        else if (byte == '\t')
            bytes_add(out, "\\t");
        else if (byte == '\0')
            bytes_add(out, "\\0");
        else if (byte < ' ' || byte > '~')
            bytes_format(out, "\\x%02x", byte);
        else
            bytes_append(out, data + i, 1);
    }
}

/* Whether the line begins a field with credentials; one that begins with
 * space goes on with the field before it. */
static bool has_credentials(const char *line, size_t length_bytes, bool before)
{
    const char *colon = memchr(line, ':', length_bytes);
    char       *name;
    bool        has;

    if (length_bytes > 0 && (line[0] == ' ' || line[0] == '\t'))
        return before;
    if (colon == NULL)
        return false;
    name = alloc_text_n(line, (size_t)(colon - line));
    name[strcspn(name, " \t")] = '\0';
    has = mask_is_secret(name);
    alloc_free(name);
    return has;
}

static void add_line(struct mask *mask, const char *line, size_t length_bytes,
                     bool secret, struct bytes *out)
{
    const char  *colon = memchr(line, ':', length_bytes);
    size_t       shown = colon != NULL ? (size_t)(colon + 1 - line) : 0;
    struct bytes text;

    assert(length_bytes > 0);
    bytes_init(&text, RAW_TEXT_MAX);
    escape(line, secret ? shown : length_bytes, &text);
    mask_add(mask, bytes_text(&text), out);
    bytes_clear(&text);
    if (!secret)
        return;
    bytes_add(out, " ****");
    if (length_bytes > 1 && line[length_bytes - 2] == '\r')
        bytes_add(out, "\\r");
    if (line[length_bytes - 1] == '\n')
        bytes_add(out, "\\n");
}

char *raw_line(struct mask *mask, const char *data, size_t length_bytes)
{
    const char  *end = data + length_bytes;
    bool         secret = false;
    bool         begun = false;
    struct bytes out;

    bytes_init(&out, RAW_TEXT_MAX);
    while (data < end) {
        const char *feed = memchr(data, '\n', (size_t)(end - data));
        size_t length = feed ? (size_t)(feed + 1 - data) : (size_t)(end - data);

        secret = !mask->show && has_credentials(data, length, secret);
        add_line(mask, data, length, secret, &out);
        if (data[0] != '\n' && (length != 2 || data[0] != '\r'))
            begun = true;
        else if (begun && !mask->show)
            break;
        data += length;
    }
    return bytes_take(&out);
}

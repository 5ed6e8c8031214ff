/* SPDX-License-Identifier: Apache-2.0 */
#include "common/bytes.h"

#include "common/alloc.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void bytes_init(struct bytes *bytes, size_t max)
{
    *bytes = (struct bytes){.max = max};
}

void bytes_clear(struct bytes *bytes)
{
    alloc_free(bytes->data);
    bytes_init(bytes, bytes->max);
}

/* What comes in one piece, as most bodies do, takes no more than it is. */
static void bytes_reserve(struct bytes *bytes, size_t length)
{
    size_t capacity = bytes->capacity ? bytes->capacity : 64;

    if (bytes->capacity == 0 && capacity < length + 1)
        capacity = length + 1;
    while (capacity < length + 1)
        capacity *= 2;
    if (capacity > bytes->capacity) {
        bytes->data = alloc_grow(bytes->data, capacity, 1);
        bytes->capacity = capacity;
    }
}

bool bytes_append(struct bytes *bytes, const void *data, size_t length)
{
    size_t room = bytes->max - bytes->length;
    bool   fits = length <= room;

    assert(bytes->length <= bytes->max);
    if (!fits) {
        bytes->truncated = true;
        length = room;
    }
    bytes_reserve(bytes, bytes->length + length);
    if (length > 0)
        memcpy(bytes->data + bytes->length, data, length);
    bytes->length += length;
    bytes->data[bytes->length] = '\0';
    return fits;
}

bool bytes_add(struct bytes *bytes, const char *text)
{
    return bytes_append(bytes, text, strlen(text));
}

/* Most of what is printed is a line or less, and needs no heap. */
bool bytes_format(struct bytes *bytes, const char *format, ...)
{
    va_list arguments;
    char    line[256];
    char   *text = NULL;
    int     length;
    bool    fits;

    va_start(arguments, format);
    length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (length < 0)
        return false;
    if ((size_t)length < sizeof line)
        return bytes_append(bytes, line, (size_t)length);
    va_start(arguments, format);
    length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length < 0)
        return false;
    fits = bytes_append(bytes, text, (size_t)length);
    alloc_free(text);
    return fits;
}

const char *bytes_text(const struct bytes *bytes)
{
    return bytes->data ? bytes->data : "";
}

char *bytes_take(struct bytes *bytes)
{
    char *data = bytes->data ? bytes->data : alloc_text("");

    bytes_init(bytes, bytes->max);
    return data;
}

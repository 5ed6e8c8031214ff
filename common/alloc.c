/* SPDX-License-Identifier: Apache-2.0 */
#include "common/alloc.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void (*give_up)(void) = abort;

void alloc_give_up_by(void (*how)(void))
{
    give_up = how;
}

static void *alloc_check(void *memory, size_t bytes)
{
    if (memory == NULL) {
        fprintf(stderr, "retrial: out of memory (%zu bytes)\n", bytes);
        give_up();
        abort();
    }
    return memory;
}

void *alloc_zero(size_t count, size_t size_bytes)
{
    /* calloc(0) may return NULL; one byte keeps "NULL means no memory". */
    if (count == 0 || size_bytes == 0)
        return alloc_check(calloc(1, 1), 1);
    return alloc_check(calloc(count, size_bytes), count * size_bytes);
}

void *alloc_grow(void *memory, size_t count, size_t size_bytes)
{
    if (count == 0 || size_bytes == 0)
        count = size_bytes = 1;
    return alloc_check(reallocarray(memory, count, size_bytes),
                       count * size_bytes);
}

void *alloc_one_more(void *memory, size_t count, size_t size_bytes)
{
    enum { FIRST = 8 };
    const bool is_full = count >= FIRST && (count & (count - 1)) == 0;

    if (count == 0)
        return alloc_grow(memory, FIRST, size_bytes);
    return is_full ? alloc_grow(memory, 2 * count, size_bytes) : memory;
}

char *alloc_text(const char *text)
{
    return text ? alloc_text_n(text, strlen(text)) : NULL;
}

char *alloc_text_n(const char *text, size_t length_bytes)
{
    char *copy = alloc_grow(NULL, length_bytes + 1, 1);

    if (length_bytes > 0)
        memcpy(copy, text, length_bytes);
    copy[length_bytes] = '\0';
    return copy;
}

char *alloc_format(const char *format, ...)
{
    va_list arguments;
    char   *text = NULL;
    int     length;

    va_start(arguments, format);
    length = vasprintf(&text, format, arguments);
    va_end(arguments);
    return alloc_check(length < 0 ? NULL : text, (size_t)1);
}

void alloc_free(const void *memory)
{
    free((void *)(uintptr_t)memory);
}

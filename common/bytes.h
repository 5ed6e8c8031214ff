/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMMON_BYTES_H
#define COMMON_BYTES_H

/* A growing buffer whose bound is given at birth.
 *
 * Invariant: length <= max, and data (once anything was appended) is followed
 * by a NUL that is not counted, so that it can be read as text. What does not
 * fit is left out and `truncated` stays true from then on: nobody can grow a
 * buffer of ours without limit, and nobody mistakes a part for the whole. */

#include <stdbool.h>
#include <stddef.h>

struct bytes {
    char  *data; /* NULL while empty */
    size_t length;
    size_t capacity;
    size_t max;
    bool   truncated;
};

void bytes_init(struct bytes *bytes, size_t max);
void bytes_clear(struct bytes *bytes); /* frees; usable again, same bound */

/* All three return false when something had to be left out. */
bool bytes_append(struct bytes *bytes, const void *data, size_t length);
bool bytes_add(struct bytes *bytes, const char *text);
bool bytes_format(struct bytes *bytes, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The content as text, "" when empty; valid until the next call. */
const char *bytes_text(const struct bytes *bytes);
/* The content, NUL-terminated, now yours (alloc_free); bytes is empty again. */
char *bytes_take(struct bytes *bytes);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMMON_ALLOC_H
#define COMMON_ALLOC_H

/* Memory: allocated, or the program ends with a line that says so. This is
 * the only file that calls malloc; no other needs an error path for it. What
 * comes out of here is given back with alloc_free. */

#include <stddef.h>

void *alloc_zero(size_t count, size_t size_bytes);
/* Grows (or first makes, from NULL) an array; new elements are not zeroed. */
void *alloc_grow(void *memory, size_t count, size_t size_bytes);
/* Room for one more element than `count`, in an array that grows by nothing
 * else: it doubles now and then, so that n elements cost no more than 2 n. */
void *alloc_one_more(void *memory, size_t count, size_t size_bytes);
char *alloc_text(const char *text); /* a copy; NULL gives NULL */
char *alloc_text_n(const char *text, size_t length_bytes);
char *alloc_format(const char *format, ...)
    __attribute__((format(printf, 1, 2)));
/* NULL is fine; so is what its owner keeps as const. */
void alloc_free(const void *memory);

/* What a program does instead of aborting when there is no memory left; that
 * does not return. */
void alloc_give_up_by(void (*how)(void));

#endif

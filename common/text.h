/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMMON_TEXT_H
#define COMMON_TEXT_H

/* Numbers, durations and words, from and to text. The parsers take the whole
 * text or nothing: no leading space, no trailing junk, no silent overflow. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A decimal integer in [min, max], with an optional '-'. */
bool text_to_int(const char *text, int64_t min, int64_t max, int64_t *value);

/* "12", "1.5", "5." or ".5", times 10^9; more than nine digits behind the point
 * are cut off. whole_max: the greatest whole part that is taken, at most
 * 9 x 10^9. */
bool text_to_nano(const char *text, int64_t whole_max, int64_t *nano);

/* "250ms", "2s", "1.5s", "3m", "12h"; never negative, at most 1000 hours. */
bool text_to_duration_ns(const char *text, int64_t *duration_ns);

/* For people: "0 ms", "12.3 ms", "2.000 s", "5 m 0 s", "12 h 3 m".
 * From two hours on seconds are left out. Returns buffer. */
enum { TEXT_DURATION_MAX = 32 };
char *text_from_duration(char buffer[TEXT_DURATION_MAX], int64_t duration_ns);

bool text_equal_nocase(const char *left, const char *right); /* ASCII */
bool text_starts_with(const char *text, const char *prefix);
/* The length of the UTF-8 sequence at the start; 0 = malformed: overlong forms,
 * surrogates and values past U+10FFFF are. At least a byte is left. */
size_t text_utf8_sequence(const char *start, size_t left);
bool text_is_utf8(const char *data, size_t length_bytes);
/* How many bytes are, from its beginning. */
size_t text_utf8_bytes(const char *data, size_t length_bytes);

/* The word of the list that a typing mistake most likely meant, or NULL when
 * none is near (edit distance at most a third of the word). */
const char *text_nearest(const char *word, const char *const *words,
                         size_t count);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_FIELD_H
#define MODEL_FIELD_H

/* Fields of a JSON object that came from a file: the value, or an error that
 * names place, field, what was found and what is allowed. Text that JSON
 * cannot hold (not UTF-8, or with a NUL in it) stands as Base64 in a field of
 * the same name with "_base64" behind it, so that nothing is lost on the way.
 * Fields nobody asks for are passed over: a later version may have more. */

#include "common/err.h"

#include <cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Integers up to here are exact in JSON's numbers. */
#define FIELD_INT_MAX (INT64_C(1) << 53)

struct field_source {
    const cJSON *object;
    const char  *place;
    struct err  *err;
};

bool MUST_USE field_int(const struct field_source *source, const char *name,
                        int64_t min, int64_t max, int64_t *value);
/* A count, of 32 bits. */
bool MUST_USE field_unsigned(const struct field_source *source,
                             const char *name, unsigned *value);
bool MUST_USE field_number(const struct field_source *source, const char *name,
                           double min, double max, double *value);
bool MUST_USE field_bool(const struct field_source *source, const char *name,
                         bool *value);
bool MUST_USE field_list(const struct field_source *source, const char *name,
                         const cJSON **list);
/* The object under that name, as a source of its own. */
bool MUST_USE field_object(const struct field_source *source, const char *name,
                           struct field_source *inner);
/* One of the words; index says which. */
bool MUST_USE field_word(const struct field_source *source, const char *name,
                         const char *const *words, size_t count, size_t *index);
/* Yours (alloc_free); null gives NULL. What *text held is given back first,
 * so that a second reading leaks nothing. */
bool MUST_USE field_text(const struct field_source *source, const char *name,
                         char **text);
/* The same of a text that must be there. */
bool MUST_USE field_said(const struct field_source *source, const char *name,
                         char **text);
/* The same for bytes, which may hold NULs; one more NUL follows them. */
bool MUST_USE field_bytes(const struct field_source *source, const char *name,
                          size_t max, char **data, size_t *length_bytes);
/* "field: found X, allowed is Y"; returns false. */
bool field_wrong(const struct field_source *source, const char *name,
                 const char *allowed);

/* The other way. data may be NULL: null. */
void field_put_text(cJSON *object, const char *name, const char *text);
void field_put_bytes(cJSON *object, const char *name, const char *data,
                     size_t length_bytes);

#endif

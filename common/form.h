/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMMON_FORM_H
#define COMMON_FORM_H

/* A form as a request's body (application/x-www-form-urlencoded). */

#include <stdbool.h>
#include <stddef.h>

/* The field's value as it was sent, escapes and all: where it begins in the
 * form, and how long it is; NULL = there is no such field. */
const char *form_value(const char *form, const char *name,
                       size_t *length_bytes);
/* Undoes %XX where it stands; '+' stays, since Base64 has it too. Returns the
 * length that is left. */
size_t form_unescape(char *text, size_t length_bytes);
/* A value as it was sent is this text, once its escapes are undone. */
bool form_value_is(const char *value, size_t length_bytes, const char *text);

#endif
